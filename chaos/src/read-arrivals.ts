import { readFileSync } from 'node:fs';

/** What a receiver has written down. The last line of one that was killed may be torn: it was not answered. */
export function readArrivals<Arrival>(file: string): Arrival[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as Arrival] : []));
}
