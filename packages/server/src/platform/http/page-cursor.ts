import { createHash } from 'node:crypto';
import { isUuid } from '../ids.ts';
import { ApiError } from './api-error.ts';

/** What a place in a list is made of. */
const PARTS = {
  integer: (part: unknown): part is number => Number.isSafeInteger(part),
  uuid: (part: unknown): part is string => typeof part === 'string' && isUuid(part),
  text: (part: unknown): part is string => typeof part === 'string',
} as const;

type PartKind = keyof typeof PARTS;
type Part<Kind extends PartKind> = Kind extends 'integer' ? number : string;
type Place<Kinds extends readonly PartKind[]> = { readonly [Index in keyof Kinds]: Part<Kinds[Index]> };

/** Enough to notice a cursor of another list; it is no secret. */
const MARK_BYTES = 6;

/**
 * Opaque text for a place in a list. `list` names the list with everything that decides what is in it
 * and in which order: the app, the filters.
 */
export function encodeCursor(list: readonly unknown[], place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([markOf(list), ...place])).toString('base64url');
}

/** Throws ApiError `cursor-invalid` unless `text` was made for this very list. */
export function decodeCursor<const Kinds extends readonly PartKind[]>(
  list: readonly unknown[],
  text: string,
  kinds: Kinds,
): Place<Kinds> {
  const parts = parse(Buffer.from(text, 'base64url').toString());
  if (!Array.isArray(parts) || parts.length !== kinds.length + 1 || parts[0] !== markOf(list)) {
    throw new ApiError('cursor-invalid');
  }
  const place: readonly unknown[] = parts.slice(1);
  if (!kinds.every((kind, index) => PARTS[kind](place[index]))) throw new ApiError('cursor-invalid');
  return place as Place<Kinds>;
}

function markOf(list: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(list)).digest();
  return hash.subarray(0, MARK_BYTES).toString('base64url');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
