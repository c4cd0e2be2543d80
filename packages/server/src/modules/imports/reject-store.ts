import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { ImportRecord } from './import-record.ts';

type Of = Pick<ImportRecord, 'appId' | 'id'>;

const add = statement(
  'import-rejects.add',
  'insert into import_rejects (app_id, import_id, run, batch, lines) values ($1, $2, $3, $4, $5)',
);

const next = statement(
  'import-rejects.next',
  `select batch, lines from import_rejects where import_id = $2 and run = $3 and batch > $4 and app_id = $1
   order by batch limit 20`,
);

const drop = statement(
  'import-rejects.drop',
  'delete from import_rejects where import_id = $2 and app_id = $1',
);

/** Lines of CSV about rows of one batch. */
export async function addRejects(
  transaction: Queryable,
  { appId, id, run }: Of & { readonly run: number },
  batch: number,
  lines: string,
): Promise<void> {
  await transaction.run(add, [appId, id, run, batch, lines]);
}

/** The lines of a run, some batches at a time. */
export async function* readRejects(
  database: Queryable,
  { appId, id, run }: Of & { readonly run: number },
): AsyncGenerator<string, void, undefined> {
  for (let after = -1; ;) {
    const rows = await database.rows<{ batch: number; lines: string }>(next, [appId, id, run, after]);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(({ lines }) => lines).join('');
    after = last.batch;
  }
}

export async function dropRejects(transaction: Queryable, { appId, id }: Of): Promise<void> {
  await transaction.run(drop, [appId, id]);
}
