import type { MysqlStreamBody } from '@carillon/wire';
import { Type } from 'typebox';
import { maskUrl } from '../../../channels/index.ts';
import { commonBody } from './common-body.ts';
import { checkDatabaseUrl, DEFAULT_TABLE } from './database-url.ts';

export interface MysqlStreamSettings {
  readonly kind: 'mysql';
  readonly url: string;
  /** A name, or a database's and a table's with a point between them. */
  readonly table: string;
}

export const mysqlBody = Type.Object(
  {
    kind: Type.Literal('mysql', {
      description: 'Rows of a table of MySQL or MariaDB, made when it is not there.',
    }),
    url: Type.String({
      pattern: '^mysql://[^\\s]+$',
      maxLength: 2_048,
      description: 'Kept encrypted. `?ssl=true` checks the certificate of the server.',
    }),
    table: Type.Optional(Type.String({ pattern: '^([a-z_][a-z0-9_]{0,62}\\.)?[a-z_][a-z0-9_]{0,62}$' })),
    ...commonBody,
  },
  { additionalProperties: false },
);

export function readMysql({ url, table = DEFAULT_TABLE }: MysqlStreamBody): MysqlStreamSettings {
  checkDatabaseUrl('mysql', url);
  return { kind: 'mysql', url, table };
}

export function showMysql({ url, table }: MysqlStreamSettings) {
  return { url: maskUrl(url), table };
}
