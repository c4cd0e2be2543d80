import type { HubspotSource, SalesforceSource } from './crms.ts';
import type { FilesSource } from './files.ts';
import type { MysqlSource } from './mysql.ts';
import type { PostgresSource } from './postgres.ts';
import type { SqliteSource } from './sqlite.ts';
import type { BigquerySource, DatabricksSource, RedshiftSource, SnowflakeSource } from './warehouses.ts';

/** Where the rows are. `kind` says which part of `sources/` reads them. */
export type SourceConfig =
  | PostgresSource
  | MysqlSource
  | SqliteSource
  | FilesSource
  | SnowflakeSource
  | BigquerySource
  | DatabricksSource
  | RedshiftSource
  | SalesforceSource
  | HubspotSource;
