import { createLiquid, parseLiquid } from '../../../platform/liquid/index.ts';
import type { LiquidText } from '../../templates/index.ts';
import { scopeOf, valuesOf, wantedValues } from '../rendering/index.ts';
import type { Path, RecipientFacts, SharedObjects } from '../rendering/index.ts';
import type { PreviewedPerson } from './person-of-preview.ts';

const liquid = createLiquid();

export interface Missing {
  readonly field: string;
  readonly name: string;
}

/** The names that texts read and that have no value for this person, each once a field, in order of their names. */
export function findMissing(
  texts: readonly LiquidText[],
  { recipient, subscriptions }: PreviewedPerson,
  shared: SharedObjects & { readonly dynamic_content?: object },
  { unsubscribeToken, feedData }: Pick<RecipientFacts, 'unsubscribeToken' | 'feedData'>,
): Missing[] {
  const facts = { subscriptions: new Map([[recipient.userId, subscriptions]]), unsubscribeToken, feedData };
  return texts.flatMap(({ field, source }) => {
    const paths = liquid.globalVariableSegmentsSync(parseLiquid(liquid, source)) as Path[];
    const wanted = wantedValues(paths);
    const scope = scopeOf(wanted, valuesOf(wanted, [recipient], facts), 0, shared);
    const missing = paths.filter((path) => !hasValue(valueAt(scope, path, scope)));
    return [...new Set(missing.map(nameOf))].toSorted().map((name) => ({ field, name }));
  });
}

function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** As Liquid looks it up: only what an object has of its own, and what it computes of lists and texts. */
function valueAt(scope: object, path: Path, from: unknown): unknown {
  let value = from;
  for (const step of path) {
    const name = Array.isArray(step) ? valueAt(scope, step as Path, scope) : step;
    if (value === undefined || value === null) return undefined;
    if (name === 'size' || name === 'first' || name === 'last') value = computed(value, name);
    else if (typeof value !== 'object') return undefined;
    else
      value = Object.hasOwn(value, String(name))
        ? (value as Record<string, unknown>)[String(name)]
        : undefined;
  }
  return value;
}

function computed(value: unknown, name: 'size' | 'first' | 'last'): unknown {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, name)) {
    return (value as Record<string, unknown>)[name];
  }
  const list = typeof value === 'string' || Array.isArray(value) ? value : Object.entries(value as object);
  return name === 'size' ? list.length : list.at(name === 'first' ? 0 : -1);
}

/** As it would be written: `user.tags["first name"]`, `message.custom_data.users[user.external_id]`. */
function nameOf(path: Path): string {
  return path
    .map((step, index) => {
      if (Array.isArray(step)) return `[${nameOf(step as Path)}]`;
      if (typeof step === 'number') return `[${step}]`;
      if (/^[\w-]+$/.test(String(step))) return index === 0 ? step : `.${String(step)}`;
      return `[${JSON.stringify(step)}]`;
    })
    .join('');
}
