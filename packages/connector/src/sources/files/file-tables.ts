import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { FilesSource, FileTable } from '../../config/files.ts';
import type { Row } from '../../config/fields.ts';
import { joinKey } from '../../model/row-key.ts';
import { findFiles } from './find-files.ts';
import { FileBroken } from './file-broken.ts';
import { readRows } from './read-rows.ts';
import type { FoundRow } from './found-row.ts';
import { RowCopyWriter } from './row-copy.ts';
import type { RowCopy } from './row-copy.ts';
import type { StoredFile } from './stored-file.ts';

interface Kept {
  readonly version: string | null;
  readonly copy: RowCopy;
}

/**
 * The tables of a source of files. A table is read from its beginning to its end into a copy on our disk, and only
 * a copy that is whole is used: rows are found in it by their keys, whatever happens to the files meanwhile. Copies
 * hold what the files hold, are readable by this user alone, and go when the process ends.
 */
export class FileTables {
  readonly #settings: FilesSource;
  readonly #home: string;
  readonly #closed = new AbortController();
  readonly #kept = new Map<string, Kept>();
  readonly #building = new Map<string, Promise<RowCopy>>();
  #folder: string | null = null;
  #copies = 0;

  constructor(settings: FilesSource, home: string) {
    this.#settings = settings;
    this.#home = home;
  }

  /** @throws ConfigInvalid where there is no such table. */
  table(name: string): FileTable {
    const table = this.#settings.tables[name];
    if (table === undefined) throw new ConfigInvalid('source.tables', `has no table ${name}`);
    return table;
  }

  /** Another text whenever a file of the table is another one; null where a store cannot tell. */
  async version(name: string): Promise<string | null> {
    const files = await this.#files(name);
    return versionOf(this.table(name), files);
  }

  /** The table as it is now. */
  now(name: string, key: readonly string[]): Promise<RowCopy> {
    return this.#inTurn(name, key, async () => {
      const files = await this.#files(name);
      const version = await versionOf(this.table(name), files);
      const kept = this.#kept.get(placeOf(name, key));
      if (kept !== undefined && version !== null && kept.version === version) return kept.copy;
      return this.#build(name, key, files, version);
    });
  }

  /** The table as it was read last; as it is now where it was not read yet. */
  last(name: string, key: readonly string[]): Promise<RowCopy> {
    const kept = this.#kept.get(placeOf(name, key));
    return kept === undefined ? this.now(name, key) : Promise.resolve(kept.copy);
  }

  /** The first rows, for the types of columns. */
  async first(name: string, count: number): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (const file of await this.#files(name)) {
      for await (const found of readRows(file, this.table(name), this.#closed.signal)) {
        rows.push(...found.map(({ row }) => row));
        if (rows.length >= count) return rows.slice(0, count);
      }
    }
    return rows;
  }

  close(): void {
    this.#closed.abort();
    for (const { copy } of this.#kept.values()) copy.remove();
    this.#kept.clear();
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
  }

  #files(name: string): Promise<readonly StoredFile[]> {
    return findFiles(this.table(name), this.#settings.s3, this.#closed.signal);
  }

  /** One after the other for a table: the second finds what the first has read. */
  #inTurn(name: string, key: readonly string[], work: () => Promise<RowCopy>): Promise<RowCopy> {
    const place = placeOf(name, key);
    const before = this.#building.get(place) ?? Promise.resolve(null);
    const mine = before.catch(() => null).then(work);
    this.#building.set(place, mine);
    return mine;
  }

  async #build(
    name: string,
    key: readonly string[],
    files: readonly StoredFile[],
    version: string | null,
  ): Promise<RowCopy> {
    this.#folder ??= copyFolder(this.#home);
    const writer = new RowCopyWriter(join(this.#folder, String((this.#copies += 1))));
    const table = this.table(name);
    let copy: RowCopy;
    try {
      for (const file of files) {
        for await (const rows of readRows(file, table, this.#closed.signal)) {
          for (const found of rows) writer.add(keyOf(found, key, file.name), found.row);
        }
      }
      this.#closed.signal.throwIfAborted();
      if (version !== (await versionOf(table, files))) {
        throw new FileBroken(table.path, null, 'was written to while it was read');
      }
      copy = writer.finish();
    } catch (error) {
      writer.abandon();
      throw error;
    }
    const place = placeOf(name, key);
    this.#kept.get(place)?.copy.remove();
    this.#kept.set(place, { version, copy });
    return copy;
  }
}

async function versionOf(table: FileTable, files: readonly StoredFile[]): Promise<string | null> {
  // What is made of the same bytes is another thing when they are read another way.
  const versions: string[] = [JSON.stringify({ ...table, headers: undefined })];
  for (const file of files) {
    const version = await file.version();
    if (version === null) return null;
    versions.push(version);
  }
  return versions.join('\n');
}

function placeOf(name: string, key: readonly string[]): string {
  return JSON.stringify([name, key]);
}

/** A row without its key is half a row, or the work of a wrong configuration. */
function keyOf({ row, line }: FoundRow, key: readonly string[], file: string): string {
  const values = key.map((column) => row[column]);
  const empty = values.findIndex((value) => value === null || value === undefined || value === '');
  if (empty >= 0) throw new FileBroken(file, line, `${key[empty] ?? 'the key'} is empty, and is the key`);
  return joinKey(values);
}

/** A folder for the copies of this process. Those of processes that were killed are cleared away. */
function copyFolder(home: string): string {
  mkdirSync(home, { recursive: true });
  for (const name of readdirSync(home)) {
    const [, pid] = /^copy-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(home, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(home, `copy-${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
