import { septetsOf } from './gsm-alphabet.ts';

/** What a text takes on its way: what networks count, and bill. */
export interface Segments {
  /** `GSM-7`: every character is of the default alphabet. `UCS-2`: the whole text goes as UTF-16. */
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** How many messages it is cut into; 0 for an empty text. */
  readonly segments: number;
  /** Septets of GSM-7 (`€` and its like take two), or UTF-16 code units (most emoji take two or more). */
  readonly units: number;
  /** Units that still fit into the last segment. */
  readonly leftInLast: number;
}

/** Units in a message that stands alone, and in one of several, which gives six bytes to say which it is. */
const ROOM = {
  'GSM-7': { alone: 160, joined: 153 },
  'UCS-2': { alone: 70, joined: 67 },
} as const;

/** Counts the segments of a text. */
export function segmentsOf(text: string): Segments {
  const encoding = encodingOf(text);
  const { alone, joined } = ROOM[encoding];
  const units = unitsOf(text, encoding);
  if (units <= alone) return { encoding, units, segments: units === 0 ? 0 : 1, leftInLast: alone - units };
  let segments = 1;
  let used = 0;
  eachCharacter(text, encoding, (_at, size) => {
    if (used + size > joined) {
      segments += 1;
      used = 0;
    }
    used += size;
  });
  return { encoding, units, segments, leftInLast: joined - used };
}

/** The text in the pieces that its segments carry. No character is cut in two. */
export function cutIntoSegments(text: string): string[] {
  const encoding = encodingOf(text);
  const { alone, joined } = ROOM[encoding];
  if (unitsOf(text, encoding) <= alone) return [text];
  const pieces: string[] = [];
  let from = 0;
  let used = 0;
  eachCharacter(text, encoding, (at, size) => {
    if (used + size > joined) {
      pieces.push(text.slice(from, at));
      from = at;
      used = 0;
    }
    used += size;
  });
  return [...pieces, text.slice(from)];
}

/** One character outside the alphabet, and the whole text goes as UCS-2. */
export function encodingOf(text: string): Segments['encoding'] {
  for (let at = 0; at < text.length; at += 1) {
    if (septetsOf(text.charCodeAt(at)) === 0) return 'UCS-2';
  }
  return 'GSM-7';
}

function unitsOf(text: string, encoding: Segments['encoding']): number {
  if (encoding === 'UCS-2') return text.length;
  let units = 0;
  for (let at = 0; at < text.length; at += 1) units += septetsOf(text.charCodeAt(at));
  return units;
}

/** Calls `see` with where each character begins and how many units it takes. Surrogates stay together. */
function eachCharacter(
  text: string,
  encoding: Segments['encoding'],
  see: (at: number, size: number) => void,
): void {
  for (let at = 0; at < text.length;) {
    const size = encoding === 'GSM-7' ? septetsOf(text.charCodeAt(at)) : lengthOfCharacter(text, at);
    see(at, size);
    at += encoding === 'GSM-7' ? 1 : size;
  }
}

function lengthOfCharacter(text: string, at: number): 1 | 2 {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
