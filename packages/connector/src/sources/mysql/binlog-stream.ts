import { crc32 } from 'node:zlib';
import type ZongJi from '@vlasky/zongji';
import { asText } from '../../model/as-text.ts';
import type { Change } from '../../model/transition.ts';
import { loadPart } from '../load-part.ts';
import { asQueried } from './column-types.ts';
import { connectionOptions } from './open-pool.ts';
import type { TableShape } from './table-shape.ts';
import type { LogPlace } from './visibility.ts';

/** What the log tells, as far as it is of use. */
type LogEvent = {
  readonly timestamp: number;
  getEventName(): string;
  readonly tableId?: number;
  readonly tableMap?: Readonly<Record<number, { readonly parentSchema: string; readonly tableName: string }>>;
  readonly rows?: readonly LogRow[];
  readonly query?: string;
  /** Of a rotation: the file that comes now. */
  readonly binlogName?: string;
  readonly nextPosition?: number;
  readonly gtid?: string;
};
type LogRow = Record<string, unknown> | { readonly before: LogImage; readonly after: LogImage };
type LogImage = Record<string, unknown>;

/** What the reader keeps to itself and holding back needs. */
interface Socket {
  readonly connection: { pause(): void; resume(): void } | null;
}

/** Changes with the transactions they are complete with, if they end with one. */
export interface LogBatch {
  readonly changes: readonly Change[];
  readonly upTo: string | null;
  /** Where the last of the changes is; null where there are none. */
  readonly last: LogPlace | null;
}

type Entry = { readonly change: Change; readonly place: LogPlace } | { readonly upTo: string };

const MOST_WAITING = 5000;
const LARGEST_BATCH = 2000;
/** ER_MASTER_FATAL_ERROR_READING_BINLOG */
const PURGED = 1236;
/** A rotation is told first of all, whatever comes after. */
const EVENTS = ['rotate', 'tablemap', 'writerows', 'updaterows', 'deleterows', 'xid', 'query'];

/** The changes of some tables out of the binary log, in commit order. Holds the socket back while the reader is slow. */
export class BinlogStream {
  readonly #log: ZongJi;
  readonly #shapes: ReadonlyMap<string, TableShape>;
  readonly #socket: Socket;
  #waiting: Entry[] = [];
  #file = '';
  #paused = false;
  #ended: { readonly error: unknown } | null = null;
  #wake: () => void = () => undefined;

  private constructor(log: ZongJi, shapes: ReadonlyMap<string, TableShape>) {
    this.#log = log;
    this.#socket = log;
    this.#shapes = new Map([...shapes.values()].map((shape) => [`${shape.database}.${shape.table}`, shape]));
  }

  /** Begins behind the transactions of `position`, as this name's replica. Fails where they are not in the log any more. */
  static async open(
    url: string,
    name: string,
    position: string,
    shapes: ReadonlyMap<string, TableShape>,
  ): Promise<BinlogStream> {
    const { default: Reader } = await loadPart('@vlasky/zongji', () => import('@vlasky/zongji'));
    const { uri, ...options } = connectionOptions(url);
    const { hostname, port, username, password, pathname } = new URL(uri ?? url);
    const log = new Reader({
      ...options,
      host: hostname,
      port: Number(port || 3306),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: decodeURIComponent(pathname.slice(1)),
    });
    const stream = new BinlogStream(log, shapes);
    const includeSchema: Record<string, string[]> = {};
    for (const { database, table } of shapes.values()) (includeSchema[database] ??= []).push(table);
    log.on('binlog', (event) => stream.#take(event));
    log.on('error', (error) => stream.#end(error));
    log.start({ gtidSet: position, serverId: serverId(name), includeEvents: EVENTS, includeSchema });
    return stream;
  }

  /** Waits for the first word of the server. False where it does not have what comes next any more. */
  async answers(): Promise<boolean> {
    const first = new Promise<void>((resolve) => this.#log.once('binlog', () => resolve()));
    const ended = new Promise<void>((resolve) => (this.#wake = resolve));
    await Promise.race([first, ended]);
    if (this.#ended === null) return true;
    const { error } = this.#ended;
    if (error instanceof Error && 'errno' in error && error.errno === PURGED) return false;
    throw error;
  }

  /** Batches as they come, until `signal` ends or the connection breaks. */
  async *batches(signal: AbortSignal): AsyncGenerator<LogBatch> {
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const batch = this.#next();
        if (batch !== null) yield batch;
        else if (this.#ended !== null) throw this.#ended.error;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  async close(): Promise<void> {
    const stopped = new Promise<void>((resolve) => this.#log.once('stopped', resolve));
    this.#log.stop();
    await stopped;
  }

  #take(event: LogEvent): void {
    switch (event.getEventName()) {
      case 'rotate':
        this.#file = event.binlogName ?? this.#file;
        return;
      case 'writerows':
        return this.#rows(event, (row) => ['insert', row, null]);
      case 'updaterows':
        return this.#rows(event, (row) => {
          const { before, after } = row as { before: LogImage; after: LogImage };
          return ['update', after, before];
        });
      case 'deleterows':
        return this.#rows(event, (row) => ['delete', row, null]);
      case 'xid':
        return this.#committed();
      case 'query':
        // Engines without transactions commit with a statement.
        if (event.query?.trim().toUpperCase() === 'COMMIT') this.#committed();
        return;
      default:
    }
  }

  #rows(
    { tableId, tableMap, rows, timestamp, nextPosition = 0, gtid = '' }: LogEvent,
    read: (row: LogRow) => readonly [Change['kind'], LogImage, LogImage | null],
  ): void {
    const table = tableId === undefined ? undefined : tableMap?.[tableId];
    const shape =
      table === undefined ? undefined : this.#shapes.get(`${table.parentSchema}.${table.tableName}`);
    if (shape === undefined) return;
    const queried = (image: LogImage) =>
      Object.fromEntries(
        Object.entries(image).map(([column, value]) => [
          column,
          asQueried(shape.columns.get(column) ?? '', value),
        ]),
      );
    const place: LogPlace = { file: this.#file, position: nextPosition, transaction: gtid };
    for (const found of rows ?? []) {
      const [kind, after, before] = read(found);
      const row = queried(after);
      const key = shape.key.map((column) => asText(row[column]));
      const was = before === null ? null : queried(before);
      const change: Change = { table: shape.name, key, row, before: was, kind, at: timestamp };
      this.#put({ change, place });
    }
  }

  #committed(): void {
    const upTo = this.#log.gtidSet;
    if (upTo !== undefined) this.#put({ upTo });
  }

  #put(entry: Entry): void {
    this.#waiting.push(entry);
    // Each time: the reader resumes by itself after it has looked up a table.
    if (this.#waiting.length > MOST_WAITING) {
      this.#paused = true;
      this.#socket.connection?.pause();
    }
    this.#wake();
  }

  #next(): LogBatch | null {
    if (this.#waiting.length === 0) return null;
    const taken = this.#waiting.splice(0, LARGEST_BATCH);
    if (this.#paused && this.#waiting.length < LARGEST_BATCH) {
      this.#paused = false;
      this.#socket.connection?.resume();
    }
    const changes: Change[] = [];
    let upTo: string | null = null;
    let last: LogPlace | null = null;
    for (const entry of taken) {
      if ('upTo' in entry) upTo = entry.upTo;
      else {
        changes.push(entry.change);
        last = entry.place;
      }
    }
    return { changes, upTo, last };
  }

  #end(error: unknown): void {
    this.#ended ??= { error };
    this.#wake();
  }
}

/** Every replica of a server has a number of its own: another reader of the same one would be thrown out. */
function serverId(name: string): number {
  return (crc32(name) | 0x4000_0000) >>> 0;
}
