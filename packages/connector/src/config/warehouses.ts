import { readingSettings } from './reading-settings.ts';
import type { ReadingOptions, ReadingSettings } from './reading-settings.ts';

/** Table to the columns that tell its rows apart: warehouses know no keys that they keep. */
export type KeysOfTables = Readonly<Record<string, string | readonly string[]>>;

interface WarehouseOptions extends Pick<ReadingOptions, 'every'> {
  /** For the tables that triggers and `dirtyWhen` name. */
  readonly keys?: KeysOfTables;
}

export interface SnowflakeAccess {
  /** As in the address of the account: `myorg-account123`. */
  readonly account: string;
  readonly user: string;
  /** The private key of the user, PKCS #8 in PEM. */
  readonly privateKey: string;
  readonly warehouse: string;
  readonly database: string;
  readonly schema?: string;
  readonly role?: string;
  /** https://ACCOUNT.snowflakecomputing.com when absent. */
  readonly url?: string;
}

export interface BigqueryAccess {
  /** The project that pays for queries; the service account's own when absent. */
  readonly project?: string;
  /** The key file of a service account, as JSON text. */
  readonly credentials: string;
  /** The dataset of tables that are named without one. */
  readonly dataset?: string;
  readonly location?: string;
  /** https://bigquery.googleapis.com when absent. */
  readonly url?: string;
}

export interface DatabricksAccess {
  /** https://dbc-….cloud.databricks.com */
  readonly url: string;
  /** A personal access token; or the id and secret of a service principal. */
  readonly token?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly warehouseId: string;
  readonly catalog?: string;
  readonly schema?: string;
}

export interface SnowflakeSource extends ReadingSettings, SnowflakeAccess {
  readonly kind: 'snowflake';
  readonly keys: KeysOfTables;
}
export interface BigquerySource extends ReadingSettings, BigqueryAccess {
  readonly kind: 'bigquery';
  readonly keys: KeysOfTables;
}
export interface DatabricksSource extends ReadingSettings, DatabricksAccess {
  readonly kind: 'databricks';
  readonly keys: KeysOfTables;
}
export interface RedshiftSource extends ReadingSettings {
  readonly kind: 'redshift';
  readonly url: string;
  readonly keys: KeysOfTables;
}

/** A look at a warehouse costs money: an hour lies between two. */
function settings({ every = '1h', keys = {} }: WarehouseOptions) {
  return { keys, ...readingSettings({ every, changes: 'diff' }) };
}

/** Rows in Snowflake, read by its SQL API. */
export function snowflake(options: WarehouseOptions & SnowflakeAccess): SnowflakeSource {
  return { kind: 'snowflake', ...options, ...settings(options) };
}

/** Rows in BigQuery, read by its REST API. */
export function bigquery(options: WarehouseOptions & BigqueryAccess): BigquerySource {
  return { kind: 'bigquery', ...options, ...settings(options) };
}

/** Rows in a SQL warehouse of Databricks, read by its Statement Execution API. */
export function databricks(options: WarehouseOptions & DatabricksAccess): DatabricksSource {
  return { kind: 'databricks', ...options, ...settings(options) };
}

/** Rows in Amazon Redshift, read as from PostgreSQL. */
export function redshift(
  options: WarehouseOptions & {
    /** postgres://user:password@CLUSTER.REGION.redshift.amazonaws.com:5439/database?sslmode=verify-full */
    readonly url: string;
  },
): RedshiftSource {
  return { kind: 'redshift', url: options.url, ...settings(options) };
}
