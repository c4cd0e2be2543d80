import type { ErrorCode } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { Arrival, BodyPieces } from './body-pieces.ts';
import type { BulkLimits } from './bulk-limits.ts';
import { LineSplitter } from './line-splitter.ts';
import type { Line } from './line-splitter.ts';

/** Why reading ended. */
export type Ending =
  /** The whole body was read. */
  | { readonly kind: 'complete' }
  /** The lines from `next` on were not. */
  | { readonly kind: 'stopped'; readonly next: number; readonly error: ApiError }
  /** There is nobody left to tell. */
  | { readonly kind: 'gone' };

export interface ReadOptions<Parsed> {
  /** The number of the first line that counts. */
  readonly from: number;
  readonly limits: BulkLimits;
  /** What is made of a line as soon as it is there. */
  readonly parse: (line: Line) => Parsed;
}

/**
 * The lines of a body, in batches: as many as the limits allow, or those that are there when the sender
 * pauses.
 */
export async function* readBatches<Parsed>(
  pieces: BodyPieces,
  { from, limits, parse }: ReadOptions<Parsed>,
): AsyncGenerator<readonly Parsed[], Ending, undefined> {
  const splitter = new LineSplitter({ from, longest: limits.lineBytes });
  let batch: Parsed[] = [];
  let batchBytes = 0;
  let bytes = 0;
  let count = 0;
  for (;;) {
    const arrival = batch.length > 0 ? await pieces.nextSoon() : await pieces.next();
    for (const line of linesOf(arrival, splitter)) {
      if (count === limits.lines) {
        if (batch.length > 0) yield batch;
        return stopped(line.number, 'bulk-too-many-lines', { limit: limits.lines });
      }
      count += 1;
      batch.push(parse(line));
      batchBytes += line.kind === 'text' ? line.text.length : 0;
      if (batch.length < limits.batchLines && batchBytes < limits.batchBytes) continue;
      yield batch;
      [batch, batchBytes] = [[], 0];
    }
    if (arrival.kind === 'gone') return { kind: 'gone' };
    if (arrival.kind === 'piece') {
      bytes += arrival.bytes.length;
      if (bytes <= limits.bytes) continue;
    }
    if (batch.length > 0) yield batch;
    [batch, batchBytes] = [[], 0];
    const ending = endingAt(arrival, splitter.number, limits);
    if (ending !== null) return ending;
  }
}

function linesOf(arrival: Arrival, splitter: LineSplitter): Line[] {
  if (arrival.kind === 'piece') return splitter.push(arrival.bytes);
  return arrival.kind === 'end' ? splitter.end() : [];
}

/** Null where reading goes on. A piece ends it only when it is one too many. */
function endingAt(
  arrival: Exclude<Arrival, { kind: 'gone' }>,
  line: number,
  limits: BulkLimits,
): Ending | null {
  switch (arrival.kind) {
    case 'pause':
      return null;
    case 'end':
      return { kind: 'complete' };
    case 'piece':
      return stopped(line, 'bulk-too-large', { limit: limits.bytes });
    case 'not-gzip':
      return stopped(line, 'bulk-gzip', { reason: arrival.reason });
    case 'stall':
      return stopped(line, 'bulk-stalled', { seconds: limits.stallMs / 1000 });
  }
}

function stopped(next: number, code: ErrorCode, params: Readonly<Record<string, string | number>>): Ending {
  return { kind: 'stopped', next, error: new ApiError(code, { params: { ...params, line: next } }) };
}
