import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Connector } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import type { KeysOfTables } from '../../config/warehouses.ts';
import { asText } from '../../model/as-text.ts';
import { joinKey, splitKey } from '../../model/row-key.ts';
import type {
  Finding,
  ScannedKey,
  ScanQuery,
  Source,
  SourceColumn,
  SourceTable,
} from '../../model/source.ts';
import type { Change } from '../../model/transition.ts';
import { checkModel, checkTables, good, refused } from '../check-findings.ts';
import { watchedTables } from '../watched-tables.ts';
import {
  modelStatement,
  reachedScan,
  tableRows,
  tableStatement,
  usersRows,
  usersScan,
} from './statements.ts';
import type { Warehouse, WarehouseStatement } from './warehouse.ts';

/**
 * A warehouse as a source. It hashes rows itself and gives key and hash of each; whole rows are asked for by
 * hundreds of keys, and only where something differs.
 */
export class WarehouseSource implements Source {
  readonly reading = { mode: 'diff', why: 'warehouses tell nobody of changes: they are looked at' } as const;
  readonly changes = null;
  readonly database = null;
  readonly #connector: Connector;
  readonly #warehouse: Warehouse;
  readonly #keys: KeysOfTables;
  readonly #closed = new AbortController();
  readonly #columns = new Map<string, Promise<readonly SourceColumn[]>>();

  constructor(connector: Connector, warehouse: Warehouse, keys: KeysOfTables) {
    this.#connector = connector;
    this.#warehouse = warehouse;
    this.#keys = keys;
  }

  async *scan(query: ScanQuery, signal: AbortSignal): AsyncGenerator<readonly ScannedKey[]> {
    const { dialect } = this.#warehouse;
    const { users } = this.#connector;
    if (query.of === 'users') {
      if (users === null) return;
      // Columns may have been added since: their values belong to the hash.
      this.#columns.delete(MODEL);
      const statement = usersScan(dialect, users, await this.modelColumns());
      for await (const rows of this.#warehouse.query(statement, signal)) {
        yield rows.map((row) => ({ key: cell(row, 'k'), hash: cell(row, 'h') }));
      }
      return;
    }
    const key = this.#keyOf(query.table);
    const statement = reachedScan(dialect, query, key, await this.#tableColumns(query.table));
    for await (const rows of this.#warehouse.query(statement, signal)) {
      yield rows.map((row) => ({
        key: joinKey(key.map((_, at) => cell(row, `k${at}`))),
        hash: cell(row, 'h'),
      }));
    }
  }

  version(): Promise<null> {
    return Promise.resolve(null);
  }

  async rows(keys: readonly string[]): Promise<readonly Row[]> {
    const { users } = this.#connector;
    if (users === null || keys.length === 0) return [];
    return this.#all(usersRows(this.#warehouse.dialect, users, await this.modelColumns(), keys));
  }

  async changed(table: string, keys: readonly string[]): Promise<readonly Change[]> {
    if (keys.length === 0) return [];
    const [first = '', ...others] = this.#keyOf(table);
    const columns = await this.#tableColumns(table);
    const texts = [...new Set(keys.map((key) => splitKey(key)[0] ?? ''))];
    const rows = await this.#all(tableRows(this.#warehouse.dialect, table, first, columns, texts));
    const wanted = new Set(keys);
    const at = Date.now();
    return rows.flatMap((row): Change[] => {
      const key = [first, ...others].map((column) => asText(row[column]));
      return wanted.has(joinKey(key)) ? [{ table, key, row, before: null, kind: 'update', at }] : [];
    });
  }

  /** The lock of the home is enough: nothing is held in the source. */
  lock(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async check(): Promise<readonly Finding[]> {
    const { dialect } = this.#warehouse;
    const findings: Finding[] = [];
    try {
      await this.#all({ text: 'SELECT 1 AS one', values: [] });
      findings.push(good('source', `${dialect.name} answers`));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return [refused('source', detail, 'mend the address, the credentials or the grants')];
    }
    findings.push(good('changes', `read by ${this.reading.mode}: ${this.reading.why}`));
    const shapes = new Map<string, { columns: readonly string[]; key: readonly string[] }>();
    for (const table of watchedTables(this.#connector)) {
      const columns = await this.#tableColumns(table).catch(() => null);
      if (columns === null) continue;
      shapes.set(table, { columns: columns.map(({ name }) => name), key: this.#keyOrUsers(table) });
    }
    return [
      ...findings,
      ...checkTables(this.#connector, (table) => shapes.get(table) ?? null, this.reading.mode),
      ...(await checkModel(this.#connector, () => this.modelColumns())),
    ];
  }

  /** The tables that the configuration names: what else is in a warehouse is nobody's business here. */
  async tables(): Promise<readonly SourceTable[]> {
    const names = new Set([...watchedTables(this.#connector), ...Object.keys(this.#keys)]);
    const tables: SourceTable[] = [];
    for (const name of names) {
      tables.push({
        name: name.replace(/^public\./, ''),
        columns: await this.#tableColumns(name),
        key: this.#keyOrUsers(name),
      });
    }
    return tables;
  }

  modelColumns(): Promise<readonly SourceColumn[]> {
    const { users } = this.#connector;
    if (users === null) return Promise.resolve([]);
    return this.#described(MODEL, modelStatement(this.#warehouse.dialect, users.model));
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#warehouse.close();
  }

  async #all(statement: WarehouseStatement): Promise<Row[]> {
    const found: Row[] = [];
    for await (const rows of this.#warehouse.query(statement, this.#closed.signal)) found.push(...rows);
    return found;
  }

  #tableColumns(table: string): Promise<readonly SourceColumn[]> {
    return this.#described(table, tableStatement(this.#warehouse.dialect, table));
  }

  #described(name: string, statement: WarehouseStatement): Promise<readonly SourceColumn[]> {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const asked = this.#warehouse.describe(statement);
    this.#columns.set(name, asked);
    asked.catch(() => this.#columns.delete(name));
    return asked;
  }

  #keyOf(table: string): readonly string[] {
    const key = this.#keyOrUsers(table);
    if (key.length > 0) return key;
    throw new ConfigInvalid('source.keys', `names the columns that tell the rows of ${table} apart`);
  }

  /** Warehouses know no keys that they keep: the configuration names them. */
  #keyOrUsers(table: string): readonly string[] {
    const key = this.#keys[table.replace(/^public\./, '')];
    return key === undefined ? [] : typeof key === 'string' ? [key] : key;
  }
}

const MODEL = '';

/** Some warehouses give the names of columns in capitals. */
function cell(row: Row, name: string): string {
  return asText(row[name] ?? row[name.toUpperCase()]);
}
