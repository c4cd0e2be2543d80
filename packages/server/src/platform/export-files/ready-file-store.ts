import { statement } from '../database/database.ts';
import type { Queryable } from '../database/database.ts';
import type { ReadyFile } from './export-file.ts';

// Neither reads the bytes: their lengths are beside them.
const one = statement(
  'export-files.one',
  `select f.id, f.kind, f.name, f.attempt, f.packed, f.state,
     coalesce(f.size, (select sum(octet_length(p.bytes)) from export_pieces p
                       where p.file_id = f.id and p.attempt = f.attempt), 0)::bigint as size,
     coalesce(f.ready_at, f.created_at) as "readyAt"
   from export_files f where f.id = $1 and f.expires_at > $2`,
);

const place = statement(
  'export-files.place',
  `select n, start from (
     select n, (sum(octet_length(bytes)) over (order by n) - octet_length(bytes))::bigint as start
     from export_pieces where file_id = $1 and attempt = $2) p
   where start <= $3 order by n desc limit 1`,
);

const piece = statement(
  'export-files.piece',
  `select bytes from export_pieces where file_id = $1 and attempt = $2 and n = $3`,
);

/** A file that has not expired, whether it is ready or not. */
export async function findFile(
  database: Queryable,
  id: string,
  now: number,
): Promise<(ReadyFile & { readonly state: 'waiting' | 'done' | 'cancelled' }) | null> {
  const rows = await database.rows<ReadyFile & { state: 'waiting' | 'done' | 'cancelled' }>(one, [
    id,
    new Date(now),
  ]);
  return rows[0] ?? null;
}

/** The bytes of a file from `from` up to and with `to`, a piece at a time. */
export async function* readPieces(
  database: Queryable,
  { id, attempt }: ReadyFile,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<Buffer> {
  const [first] = await database.rows<{ n: number; start: number }>(place, [id, attempt, from]);
  if (first === undefined) return;
  let { n, start } = first;
  while (start <= to) {
    const [row] = await database.rows<{ bytes: Buffer }>(piece, [id, attempt, n]);
    if (row === undefined) return;
    yield row.bytes.subarray(Math.max(0, from - start), to - start + 1);
    start += row.bytes.length;
    n += 1;
  }
}
