import type { Connector } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import { asText } from '../../model/as-text.ts';
import type {
  ChangeFeed,
  ChangeReading,
  Finding,
  ScannedKey,
  ScanQuery,
  Source,
  SourceColumn,
  SourceTable,
} from '../../model/source.ts';
import type { Change } from '../../model/transition.ts';
import { checkModel, checkTables, good, refused } from '../check-findings.ts';
import { rowHash } from '../row-hash.ts';
import { watchedTables } from '../watched-tables.ts';
import { bareName, wholeTable } from '../whole-table.ts';
import type { Crm } from './crm.ts';
import { PolledObjects } from './polled-objects.ts';

const THERE = '0'.repeat(16);

/** A CRM as a source: records by the time of their change, and all of them where everything is compared. */
export class CrmSource implements Source {
  readonly reading: ChangeReading;
  readonly changes: ChangeFeed | null;
  readonly database = null;
  readonly #connector: Connector;
  readonly #crm: Crm;
  readonly #closed = new AbortController();

  constructor(connector: Connector, crm: Crm) {
    const { source } = connector;
    this.#connector = connector;
    this.#crm = crm;
    const mode = source.changes === 'diff' ? 'diff' : 'cursor';
    this.reading = { mode, why: 'the configuration asks for it' };
    this.changes = mode === 'diff' ? null : new PolledObjects(crm, this, watchedTables(connector), source);
  }

  async *scan(query: ScanQuery, signal: AbortSignal): AsyncGenerator<readonly ScannedKey[]> {
    const object = query.of === 'users' ? this.#users() : bareName(query.table);
    if (object === null) return;
    const ended = AbortSignal.any([signal, this.#closed.signal]);
    for await (const rows of this.#crm.scan(object, ended)) {
      yield query.of === 'users'
        ? rows.map((row) => ({ key: this.#keyOf(row), hash: rowHash(row) }))
        : rows
            .filter((row) => holds(query.becomes, row))
            .map((row) => ({ key: this.#keyOf(row), hash: THERE }));
    }
  }

  version(): Promise<null> {
    return Promise.resolve(null);
  }

  async rows(keys: readonly string[]): Promise<readonly Row[]> {
    const object = this.#users();
    return object === null || keys.length === 0 ? [] : this.#crm.byIds(object, keys, this.#closed.signal);
  }

  async changed(table: string, keys: readonly string[]): Promise<readonly Change[]> {
    if (keys.length === 0) return [];
    const rows = await this.#crm.byIds(bareName(table), keys, this.#closed.signal);
    const at = Date.now();
    return rows.map((row) => ({ table, key: [this.#keyOf(row)], row, before: null, kind: 'update', at }));
  }

  /** The lock of the home is enough: nothing is held in the source. */
  lock(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async check(): Promise<readonly Finding[]> {
    const shapes = new Map<string, { columns: readonly string[]; key: readonly string[] }>();
    const findings = [good('changes', `read by ${this.reading.mode}: ${this.reading.why}`)];
    for (const table of watchedTables(this.#connector)) {
      try {
        const columns = await this.#crm.describe(bareName(table), this.#closed.signal);
        shapes.set(table, { columns: columns.map(({ name }) => name), key: [this.#crm.key] });
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        findings.push(
          refused(bareName(table), detail, `mend source.objects or what ${this.#crm.name} grants`),
        );
      }
    }
    return [
      ...findings,
      ...checkTables(this.#connector, (table) => shapes.get(table) ?? null, 'diff'),
      ...(await checkModel(this.#connector, () => this.modelColumns())),
    ];
  }

  async tables(): Promise<readonly SourceTable[]> {
    const { source } = this.#connector;
    const tables: SourceTable[] = [];
    for (const name of 'objects' in source ? Object.keys(source.objects) : []) {
      const columns = await this.#crm.describe(name, this.#closed.signal);
      tables.push({ name, columns, key: [this.#crm.key] });
    }
    return tables;
  }

  async modelColumns(): Promise<readonly SourceColumn[]> {
    const object = this.#users();
    return object === null ? [] : this.#crm.describe(object, this.#closed.signal);
  }

  close(): Promise<void> {
    this.#closed.abort();
    return Promise.resolve();
  }

  #users(): string | null {
    const { users } = this.#connector;
    return users === null ? null : wholeTable(users.model);
  }

  #keyOf(row: Row): string {
    return asText(row[this.#crm.key]);
  }
}

/** Compared as text, so that 7 and '7' are one. */
function holds(becomes: Readonly<Record<string, unknown>>, row: Row): boolean {
  return Object.entries(becomes).every(([column, wanted]) => {
    const value = row[column] ?? null;
    return value === null || wanted === null ? value === wanted : asText(value) === asText(wanted);
  });
}
