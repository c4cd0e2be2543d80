import type { PostgresStreamBody } from '@carillon/wire';
import { Type } from 'typebox';
import { maskUrl } from '../../../channels/index.ts';
import { commonBody } from './common-body.ts';
import { checkDatabaseUrl, DEFAULT_TABLE } from './database-url.ts';

export interface PostgresStreamSettings {
  readonly kind: 'postgres';
  readonly url: string;
  /** A name, or a schema's and a table's with a point between them. */
  readonly table: string;
}

export const postgresBody = Type.Object(
  {
    kind: Type.Literal('postgres', { description: 'Rows of a table, which is made when it is not there.' }),
    url: Type.String({
      pattern: '^postgres(ql)?://[^\\s]+$',
      maxLength: 2_048,
      description: 'Kept encrypted.',
    }),
    table: Type.Optional(Type.String({ pattern: '^([a-z_][a-z0-9_]{0,62}\\.)?[a-z_][a-z0-9_]{0,62}$' })),
    ...commonBody,
  },
  { additionalProperties: false },
);

export function readPostgres({ url, table = DEFAULT_TABLE }: PostgresStreamBody): PostgresStreamSettings {
  checkDatabaseUrl('postgres', url);
  return { kind: 'postgres', url, table };
}

export function showPostgres({ url, table }: PostgresStreamSettings) {
  return { url: maskUrl(url), table };
}
