import { digest } from './canonical.ts';
import { NOTHING_KNOWN, afterFact } from './consent.ts';
import type { ConsentFact, KnownConsent } from './consent.ts';

/** Of whom something is known: a person in a channel, or one address. */
export interface ConsentPlace {
  readonly type: 'Email' | 'SMS';
  readonly of: 'person' | 'address';
  /** The external id, or the address as the destination writes it. */
  readonly id: string;
}

type Entry = readonly [key: string, value: string];

/** Reads what is kept under a digest; null where it is known that nothing is. */
export type ConsentsKept = ((digest: string) => string | null) | null;

/**
 * What the messaging layer has told, and when a row was seen to say no, are kept apart: two parts of a
 * run write them, and neither may write over what the other has just learned.
 */
export function readConsent(
  target: string,
  places: readonly ConsentPlace[],
  get: ConsentsKept,
): KnownConsent {
  let known = NOTHING_KNOWN;
  if (get === null) return known;
  for (const place of places) {
    const told = get(toldDigest(target, place));
    if (told !== null) known = afterFact(known, factOf(told));
    const no = get(rowDigest(target, place));
    if (no !== null) known = { ...known, rowSaidNoAt: Math.max(known.rowSaidNoAt ?? 0, timeOf(no)) };
  }
  return known;
}

export function toldEntry(target: string, place: ConsentPlace, { granted, at }: ConsentFact): Entry {
  return [toldDigest(target, place), valueOf(granted ? 1 : 0, at)];
}

export function rowEntry(target: string, place: ConsentPlace, saidNoAt: number): Entry {
  return [rowDigest(target, place), valueOf(0, saidNoAt)];
}

function toldDigest(target: string, { type, of, id }: ConsentPlace): string {
  return digest(`told\u0000${target}\u0000${type}\u0000${of}\u0000${id}`, 32);
}

function rowDigest(target: string, { type, of, id }: ConsentPlace): string {
  return digest(`row said no\u0000${target}\u0000${type}\u0000${of}\u0000${id}`, 32);
}

/** 32 hexadecimal digits: whether, and when in milliseconds. */
function valueOf(flag: 0 | 1, at: number): string {
  return `${flag}${Math.max(0, Math.floor(at)).toString(16).padStart(31, '0')}`;
}

function factOf(value: string): ConsentFact {
  return { granted: value[0] === '1', at: timeOf(value) };
}

function timeOf(value: string): number {
  return Number.parseInt(value.slice(1), 16);
}
