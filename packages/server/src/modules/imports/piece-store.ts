import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { ImportRecord } from './import-record.ts';

type Of = Pick<ImportRecord, 'appId' | 'id'>;

// Nothing is added to an import that is gone, cancelled or somebody else's.
const add = statement(
  'import-pieces.add',
  `insert into import_pieces (app_id, import_id, n, bytes)
   select app_id, id, $3, $4 from imports
   where app_id = $1 and id = $2 and state in ('uploading', 'fetching') and epoch = $5`,
);

const one = statement(
  'import-pieces.one',
  'select bytes from import_pieces where import_id = $2 and n = $3 and app_id = $1',
);

const replace = statement(
  'import-pieces.replace',
  'update import_pieces set bytes = $4 where import_id = $2 and n = $3 and app_id = $1',
);

const drop = statement(
  'import-pieces.drop',
  'delete from import_pieces where import_id = $2 and app_id = $1',
);

/** False when nobody wants it any more. */
export async function addPiece(
  database: Queryable,
  { appId, id, epoch }: Of & { readonly epoch: number },
  n: number,
  bytes: Buffer,
): Promise<boolean> {
  return (await database.run(add, [appId, id, n, bytes, epoch])) === 1;
}

export async function findPiece(database: Queryable, { appId, id }: Of, n: number): Promise<Buffer | null> {
  return (await database.rows<{ bytes: Buffer }>(one, [appId, id, n]))[0]?.bytes ?? null;
}

export async function replacePiece(
  transaction: Queryable,
  { appId, id }: Of,
  n: number,
  bytes: Buffer,
): Promise<void> {
  await transaction.run(replace, [appId, id, n, bytes]);
}

export async function dropPieces(database: Queryable, { appId, id }: Of): Promise<void> {
  await database.run(drop, [appId, id]);
}
