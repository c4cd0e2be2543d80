import type { MysqlSource } from './mysql.ts';
import type { PostgresSource } from './postgres.ts';
import type { SqliteSource } from './sqlite.ts';

/** Where the rows are. `kind` says which part of `sources/` reads them. */
export type SourceConfig = PostgresSource | MysqlSource | SqliteSource;
