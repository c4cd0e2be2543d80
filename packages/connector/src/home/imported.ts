import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readRecords, RecordFile } from './record-file.ts';
import type { Entry } from './sorted-table.ts';
import { syncDirectory } from './sync-directory.ts';

const NAME = 'imported.log';
/** Entries in one record. */
const BATCH = 1000;
const BYTES = 32;

/**
 * What was written into files for an import, as it is acknowledged once somebody says that the import is
 * done: digests, no personal data. It waits in the home; files that are written later take its place.
 */
export class ImportedWriter {
  readonly #directory: string;
  readonly #file: RecordFile;
  #waiting: Entry[] = [];

  private constructor(directory: string, file: RecordFile) {
    this.#directory = directory;
    this.#file = file;
  }

  static async begin(directory: string): Promise<ImportedWriter> {
    mkdirSync(directory, { recursive: true });
    const path = join(directory, `${NAME}.new`);
    rmSync(path, { force: true });
    return new ImportedWriter(directory, await RecordFile.open(path));
  }

  async add(entry: Entry): Promise<void> {
    this.#waiting.push(entry);
    if (this.#waiting.length >= BATCH) await this.#flush();
  }

  /** From here on it can be confirmed. */
  async finish(): Promise<void> {
    if (this.#waiting.length > 0) await this.#flush();
    await this.#file.close();
    renameSync(join(this.#directory, `${NAME}.new`), join(this.#directory, NAME));
    syncDirectory(this.#directory);
  }

  async abandon(): Promise<void> {
    await this.#file.close();
    rmSync(join(this.#directory, `${NAME}.new`), { force: true });
  }

  async #flush(): Promise<void> {
    await this.#file.append([Buffer.from(this.#waiting.flat().join(''), 'hex')]);
    this.#waiting = [];
  }
}

/** The entries that wait for a word that they were imported, in parts; null where none do. */
export function importedIn(directory: string): Generator<readonly Entry[]> | null {
  const path = join(directory, NAME);
  return existsSync(path) ? read(path) : null;
}

export function removeImported(directory: string): void {
  rmSync(join(directory, NAME), { force: true });
}

function* read(path: string): Generator<readonly Entry[]> {
  for (let at = 0; ;) {
    const [found] = readRecords(path, at, 1);
    if (found === undefined) return;
    at = found.end;
    const text = found.record.toString('hex');
    const entries: Entry[] = [];
    for (let i = 0; i < text.length; i += BYTES * 2) {
      entries.push([text.slice(i, i + BYTES), text.slice(i + BYTES, i + BYTES * 2)]);
    }
    yield entries;
  }
}
