import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { MappedUser } from '../../model/map-user.ts';

/** A file of the dashboard's import must be smaller than 150 MB. */
const MOST_BYTES = 149_000_000;
const CHUNK_BYTES = 1_000_000;
const HEADER = 'external_id,email,phone_number,subscribed,timezone,country,language,tags\n';

export interface ImportFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
}

export interface ImportFiles {
  readonly files: readonly ImportFile[];
  readonly users: number;
  /** Users with custom aliases, for which the import has no column: the API brings them afterwards. */
  readonly usersWithAliases: number;
}

/**
 * Writes users as CSV files for the import in OneSignal's dashboard (Audience > Import): `users-001.csv`
 * and so on in a directory, each small enough. One row for each address, because a row has one consent;
 * what the rows of a user share stands in the first. Never writes over a file that is there.
 *
 * @example
 * const writer = new ImportFileWriter('import');
 * for (const user of users) await writer.write(user);
 * const { files } = await writer.close();
 */
export class ImportFileWriter {
  readonly #directory: string;
  readonly #mostBytes: number;
  readonly #files: ImportFile[] = [];
  #open: { readonly handle: FileHandle; readonly path: string; rows: number; bytes: number } | null = null;
  #pending: string[] = [];
  #pendingBytes = 0;
  #users = 0;
  #usersWithAliases = 0;

  constructor(directory: string, { mostBytes = MOST_BYTES }: { readonly mostBytes?: number } = {}) {
    this.#directory = directory;
    this.#mostBytes = mostBytes;
  }

  async write(user: MappedUser): Promise<void> {
    for (const row of rowsOf(user)) await this.#writeRow(row);
    this.#users += 1;
    if (Object.keys(user.aliases).length > 0) this.#usersWithAliases += 1;
  }

  /** Returns when all files are on the disk. */
  async close(): Promise<ImportFiles> {
    await this.#finishFile();
    return { files: this.#files, users: this.#users, usersWithAliases: this.#usersWithAliases };
  }

  async #writeRow(row: string): Promise<void> {
    const bytes = Buffer.byteLength(row);
    if (this.#open !== null && this.#open.bytes + bytes > this.#mostBytes) await this.#finishFile();
    this.#open ??= await this.#beginFile();
    this.#open.rows += 1;
    this.#open.bytes += bytes;
    this.#pending.push(row);
    this.#pendingBytes += bytes;
    if (this.#pendingBytes >= CHUNK_BYTES) await this.#flush(this.#open.handle);
  }

  async #beginFile() {
    await mkdir(this.#directory, { recursive: true });
    const name = `users-${String(this.#files.length + 1).padStart(3, '0')}.csv`;
    const path = join(this.#directory, name);
    const handle = await open(path, 'wx', 0o600);
    this.#pending.push(HEADER);
    return { handle, path, rows: 0, bytes: HEADER.length };
  }

  async #flush(handle: FileHandle): Promise<void> {
    await handle.appendFile(this.#pending.join(''));
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  async #finishFile(): Promise<void> {
    if (this.#open === null) return;
    const { handle, path, rows, bytes } = this.#open;
    await this.#flush(handle);
    await handle.sync();
    await handle.close();
    this.#files.push({ path, rows, bytes });
    this.#open = null;
  }
}

function rowsOf({ externalId, properties, subscriptions }: MappedUser): string[] {
  const { tags, language = '', country = '', timezone_id: timezone = '' } = properties;
  // Nothing is there yet that an empty value could remove.
  const given = Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== ''));
  const json = Object.keys(given).length === 0 ? '' : JSON.stringify(given);
  const addresses = subscriptions.length === 0 ? [null] : subscriptions;
  return addresses.map((address, i) =>
    line([
      externalId,
      address?.type === 'Email' ? address.token : '',
      address?.type === 'SMS' ? address.token : '',
      address === null ? '' : address.enabled ? 'yes' : 'no',
      ...(i === 0 ? [timezone, country, language, json] : ['', '', '', '']),
    ]),
  );
}

function line(fields: readonly string[]): string {
  const quoted = fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field));
  return `${quoted.join(',')}\n`;
}
