import { hasLiquid } from '../liquid-text.ts';
import type { LiquidText } from '../liquid-text.ts';

type Json = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string>>;

/** Where a text stands in what a live activity shows: `event_updates/driver/name`. */
const ROOT = 'event_updates';

/** The texts with Liquid in what a live activity shows, however deep. */
export function textsOfUpdates(updates: Json): LiquidText[] {
  return textsIn(ROOT, updates);
}

function textsIn(field: string, value: unknown): LiquidText[] {
  if (typeof value === 'string') {
    return hasLiquid(value) ? [{ field, language: null, source: value, mayLoop: true }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => textsIn(`${field}/${name}`, member));
}

/** What a live activity shows to one person: the same, with rendered texts in the places of those with Liquid. */
export function fillUpdates(updates: Json, texts: Texts): Json {
  return fill(ROOT, updates, texts) as Json;
}

/** Whether a rendered text belongs there. */
export function isOfUpdates(field: string): boolean {
  return field.startsWith(`${ROOT}/`);
}

function fill(field: string, value: unknown, texts: Texts): unknown {
  if (typeof value === 'string') return texts[field] ?? value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member, index) => fill(`${field}/${index}`, member, texts));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, fill(`${field}/${name}`, member, texts)]),
  );
}
