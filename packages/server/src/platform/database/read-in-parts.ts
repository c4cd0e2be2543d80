import type pg from 'pg';

/**
 * Reads one statement's rows as the database is at one moment, at most `most` at a time: as many are in memory,
 * however many there are. It is about to read much, so that scans of whole tables are allowed, and it is planned
 * for its end and not for its first row.
 */
export async function* readInParts<Row extends object>(
  client: pg.PoolClient,
  text: string,
  values: readonly unknown[],
  most: number,
): AsyncGenerator<Row[], void, undefined> {
  await client.query('begin isolation level repeatable read read only');
  try {
    await client.query('set local enable_seqscan = on; set local cursor_tuple_fraction = 1');
    await client.query({ text: `declare parts no scroll cursor for ${text}`, values: values as unknown[] });
    for (;;) {
      const { rows } = await client.query<Row>(`fetch ${most} from parts`);
      if (rows.length > 0) yield rows;
      if (rows.length < most) return;
    }
  } finally {
    // Nothing was written.
    await client.query('rollback');
  }
}
