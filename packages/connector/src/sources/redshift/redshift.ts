import pg from 'pg';
import type { Connector } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import type { RedshiftSource } from '../../config/warehouses.ts';
import type { Source, SourceColumn } from '../../model/source.ts';
import { columnsOf } from '../postgres/column-types.ts';
import { ROW_TYPES } from '../postgres/row-types.ts';
import type { Warehouse, WarehouseStatement } from '../warehouse/warehouse.ts';
import { WarehouseSource } from '../warehouse/warehouse-source.ts';
import { REDSHIFT } from './redshift-dialect.ts';

const FETCH = 10_000;
/** SUPER, which holds JSON and comes as its text. */
const SUPER = 4000;

export function openRedshift(connector: Connector, settings: RedshiftSource): Promise<Source> {
  return Promise.resolve(new WarehouseSource(connector, new Redshift(settings.url), settings.keys));
}

/** Redshift speaks the wire of PostgreSQL. */
export class Redshift implements Warehouse {
  readonly dialect = REDSHIFT;
  readonly #pool: pg.Pool;

  constructor(url: string) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: 3,
      application_name: 'carillon connector',
      types: ROW_TYPES,
    });
    // An idle connection that breaks is replaced; one in use fails its query.
    this.#pool.on('error', () => undefined);
  }

  async *query({ text, values }: WarehouseStatement, signal: AbortSignal): AsyncGenerator<readonly Row[]> {
    const client = await this.#pool.connect();
    try {
      // Texts of times and floats must stay the same, or every row would look changed.
      await client.query("SET timezone = 'UTC'; SET datestyle = 'ISO'; SET extra_float_digits = 0");
      await client.query('BEGIN READ ONLY');
      await client.query(`DECLARE reading CURSOR FOR ${text}`, [...values]);
      while (!signal.aborted) {
        const { rows } = await client.query<Record<string, unknown>>(`FETCH FORWARD ${FETCH} FROM reading`);
        if (rows.length > 0) yield rows;
        if (rows.length < FETCH) return;
      }
    } finally {
      // With its connection, so that a reader that stops in the middle leaves no transaction open.
      client.release(true);
    }
  }

  async describe({ text, values }: WarehouseStatement): Promise<readonly SourceColumn[]> {
    const { fields } = await this.#pool.query(text, [...values]);
    const isSuper = new Set(fields.filter(({ dataTypeID }) => dataTypeID === SUPER).map(({ name }) => name));
    return columnsOf(fields).map((column) =>
      isSuper.has(column.name) ? { ...column, type: 'unknown' } : column,
    );
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}
