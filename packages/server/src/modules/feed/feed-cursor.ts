import { LANES } from '../../platform/ids.ts';
import { ApiError } from '../../platform/http/api-error.ts';

/** How far a reader has come: the last position read in every lane. */
export interface FeedCursor {
  readonly positions: readonly number[];
  /** As the database counts days: nothing that is left to read is older, so older partitions are not searched. */
  readonly day: number;
  /** Set when a batch was larger than what the reader asked for: events already read of the lane's next position. */
  readonly within: { readonly lane: number; readonly read: number } | null;
}

/** 9999-12-31: dates beyond are written in another form. */
const LAST_DAY = 2_932_896;

/** Bumped when the form below changes; an older cursor is then refused instead of misread. */
const FORM = 1;

export const FEED_START: FeedCursor = {
  positions: Array.from({ length: LANES }, () => 0),
  day: 0,
  within: null,
};

/** Opaque text, safe in a URL: form, day, the batch in the middle, then one number for each lane. */
export function encodeFeedCursor({ positions, day, within }: FeedCursor): string {
  const bytes: number[] = [FORM];
  for (const number of [day, within === null ? 0 : within.lane + 1, within?.read ?? 0, ...positions]) {
    pushVarint(bytes, number);
  }
  return Buffer.from(bytes).toString('base64url');
}

/** Throws ApiError `feed-cursor` when the text is not one that `encodeFeedCursor` made. */
export function decodeFeedCursor(text: string): FeedCursor {
  const bytes = Buffer.from(text, 'base64url');
  const numbers = bytes[0] === FORM ? readVarints(bytes.subarray(1)) : [];
  const [day, lane, read, ...positions] = numbers;
  if (day === undefined || lane === undefined || read === undefined || positions.length !== LANES) {
    throw new ApiError('feed-cursor');
  }
  // Whoever makes up a cursor gets a refusal, not an error of the database.
  if (day > LAST_DAY || lane > LANES || !numbers.every(Number.isSafeInteger)) {
    throw new ApiError('feed-cursor');
  }
  return { positions, day, within: lane === 0 ? null : { lane: lane - 1, read } };
}

/** Seven bits a byte, low ones first; the top bit says that more follow. */
function pushVarint(bytes: number[], number: number): void {
  let rest = number;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}

function readVarints(bytes: Buffer): number[] {
  const numbers: number[] = [];
  let number = 0;
  let unit = 1;
  for (const byte of bytes) {
    number += (byte & 0x7f) * unit;
    unit *= 0x80;
    if (byte < 0x80) {
      numbers.push(number);
      number = 0;
      unit = 1;
    }
  }
  return unit === 1 ? numbers : [];
}
