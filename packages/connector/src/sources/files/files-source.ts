import type { Connector } from '../../config/config.ts';
import type { Row } from '../../config/fields.ts';
import type { FilesSource } from '../../config/files.ts';
import { asText } from '../../model/as-text.ts';
import { splitKey } from '../../model/row-key.ts';
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
import { bareName, wholeTable } from '../whole-table.ts';
import { FileTables } from './file-tables.ts';
import { inferColumns } from './infer-columns.ts';

/** In the state that a trigger waits for, a row is there or it is not. */
const THERE = '0'.repeat(16);
const SAMPLE = 1000;

export function openFiles(connector: Connector, settings: FilesSource): Promise<Source> {
  return Promise.resolve(new Files(connector, settings));
}

class Files implements Source {
  readonly reading = { mode: 'diff', why: 'files tell nobody of changes: they are looked at' } as const;
  readonly changes = null;
  readonly database = null;
  readonly #connector: Connector;
  readonly #settings: FilesSource;
  readonly #tables: FileTables;

  constructor(connector: Connector, settings: FilesSource) {
    this.#connector = connector;
    this.#settings = settings;
    this.#tables = new FileTables(settings, connector.home);
  }

  async *scan(query: ScanQuery, signal: AbortSignal): AsyncGenerator<readonly ScannedKey[]> {
    const { name, key } = this.#asked(query);
    if (name === null) return;
    const copy = await this.#tables.now(name, key);
    for (const rows of copy.scan()) {
      if (signal.aborted) return;
      yield query.of === 'users'
        ? rows.map(({ key, hash }) => ({ key, hash }))
        : rows.filter(({ row }) => holds(query.becomes, row())).map(({ key }) => ({ key, hash: THERE }));
    }
  }

  async version(query: ScanQuery): Promise<string | null> {
    const { name, key } = this.#asked(query);
    if (name === null) return null;
    const version = await this.#tables.version(name);
    return version === null
      ? null
      : JSON.stringify([version, key, query.of === 'users' ? null : query.becomes]);
  }

  async rows(keys: readonly string[]): Promise<readonly Row[]> {
    const { name, key } = this.#asked({ of: 'users' });
    if (name === null || keys.length === 0) return [];
    const copy = await this.#tables.last(name, key);
    return keys.map((one) => copy.find(one)).filter((row) => row !== null);
  }

  async changed(table: string, keys: readonly string[]): Promise<readonly Change[]> {
    const name = bareName(table);
    const copy = await this.#tables.last(name, this.#keyOf(name));
    const at = Date.now();
    return keys.flatMap((key): Change[] => {
      const row = copy.find(key);
      return row === null ? [] : [{ table, key: splitKey(key), row, before: null, kind: 'update', at }];
    });
  }

  /** The lock of the home is enough: nothing is held in the source. */
  lock(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async check(): Promise<readonly Finding[]> {
    const shapes = new Map<
      string,
      { readonly columns: readonly string[]; readonly key: readonly string[] }
    >();
    const findings: Finding[] = [good('changes', `read by ${this.reading.mode}: ${this.reading.why}`)];
    for (const name of Object.keys(this.#settings.tables)) {
      try {
        const columns = (await this.#columns(name)).map(({ name }) => name);
        shapes.set(`public.${name}`, { columns, key: this.#keyOf(name) });
        const { path } = this.#tables.table(name);
        findings.push(good(`source.tables.${name}`, `${path}: ${columns.length} columns`));
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        findings.push(
          refused(`source.tables.${name}`, detail, 'mend the file, or its name in the configuration'),
        );
      }
    }
    return [
      ...findings,
      ...checkTables(this.#connector, (table) => shapes.get(table) ?? null, this.reading.mode),
      ...(await checkModel(this.#connector, () => this.modelColumns())),
    ];
  }

  async tables(): Promise<readonly SourceTable[]> {
    const tables: SourceTable[] = [];
    for (const name of Object.keys(this.#settings.tables)) {
      tables.push({ name, key: this.#keyOf(name), columns: await this.#columns(name) });
    }
    return tables;
  }

  async modelColumns(): Promise<readonly SourceColumn[]> {
    const { name } = this.#asked({ of: 'users' });
    return name === null ? [] : this.#columns(name);
  }

  close(): Promise<void> {
    this.#tables.close();
    return Promise.resolve();
  }

  async #columns(name: string): Promise<SourceColumn[]> {
    return inferColumns(await this.#tables.first(name, SAMPLE), this.#tables.table(name));
  }

  #asked(query: ScanQuery): { readonly name: string | null; readonly key: readonly string[] } {
    if (query.of === 'reached') {
      const name = bareName(query.table);
      return { name, key: this.#keyOf(name) };
    }
    const { users } = this.#connector;
    if (users === null) return { name: null, key: [] };
    const name = wholeTable(users.model);
    this.#tables.table(name);
    return { name, key: [users.key] };
  }

  #keyOf(name: string): readonly string[] {
    const { key } = this.#tables.table(name);
    if (key !== undefined) return typeof key === 'string' ? [key] : key;
    const { users } = this.#connector;
    return users !== null && wholeTable(users.model) === name ? [users.key] : [];
  }
}

/** Compared as text, so that 7 and '7' are one. */
function holds(becomes: Readonly<Record<string, unknown>>, row: Row): boolean {
  return Object.entries(becomes).every(([column, wanted]) => {
    const value = row[column] ?? null;
    return value === null || wanted === null ? value === wanted : asText(value) === asText(wanted);
  });
}
