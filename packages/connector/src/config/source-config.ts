import type { PostgresSource } from './postgres.ts';

/** Where the rows are. `kind` says which part of `sources/` reads them. */
export type SourceConfig = PostgresSource;
