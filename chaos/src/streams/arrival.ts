import { readFileSync } from 'node:fs';

/** One event that a webhook has brought, in the order in which they came. */
export interface Arrival {
  readonly stream: string;
  readonly eventId: string;
  readonly user: string;
  /** Which event of its user it is, counted from 0. */
  readonly n: number;
  readonly isSigned: boolean;
  /** 0 until everything is replayed, then 1. */
  readonly phase: number;
}

/** What a receiver has written down. The last line of one that was killed may be torn: it was not answered. */
export function readArrivals(file: string): Arrival[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as Arrival] : []));
}
