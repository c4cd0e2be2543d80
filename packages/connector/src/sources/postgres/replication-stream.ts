import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { PgoutputPlugin } from 'pg-logical-replication';
import type { Pgoutput } from 'pg-logical-replication';
import type { Change } from '../../model/transition.ts';
import { ChangeDecoder } from './change-decoder.ts';
import { parseStreamMessage, statusUpdate } from './replication-protocol.ts';
import type { TableShape } from './table-shape.ts';

/** Changes with the position up to which they are complete, if they end at one. */
export interface StreamBatch {
  readonly changes: readonly Change[];
  /** The transactions that begin in it. */
  readonly transactions: readonly number[];
  readonly upTo: bigint | null;
}

type Entry = Change | { readonly upTo: bigint } | { readonly transaction: number };

/** What `pg` keeps to itself and replication needs. */
interface Wire {
  readonly stream: { pause(): void; resume(): void };
  on(event: 'copyData', listener: (message: { chunk: Buffer }) => void): void;
  once(event: 'replicationStart', listener: () => void): void;
  sendCopyFromChunk(chunk: Buffer): void;
}

const MOST_WAITING = 5000;
const LARGEST_BATCH = 2000;
const STATUS_EVERY_MS = 5000;
/** A slot stays taken for a moment after its last reader was killed. */
const TAKEN_FOR_MS = 30_000;
const OBJECT_IN_USE = '55006';

/**
 * The changes of a slot's tables, in commit order. Holds the socket back while the reader is slow.
 * Nothing is acknowledged by itself: the slot keeps what `acknowledge` has not named.
 *
 * The decoder of pg-logical-replication is used, its service is not: that one confirms received
 * positions by timer, and one byte beyond what it is told.
 */
export class ReplicationStream {
  readonly #client: pg.Client;
  readonly #wire: Wire;
  readonly #decoder: ChangeDecoder;
  readonly #plugin: PgoutputPlugin;
  #waiting: Entry[] = [];
  #inTransaction = false;
  #paused = false;
  #flushed = 0n;
  #ended: { readonly error: unknown } | null = null;
  #wake: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(client: pg.Client, plugin: PgoutputPlugin, shapes: ReadonlyMap<string, TableShape>) {
    this.#client = client;
    this.#wire = (client as unknown as { connection: Wire }).connection;
    this.#plugin = plugin;
    this.#decoder = new ChangeDecoder(shapes);
  }

  /** Connects and begins after what was acknowledged last. */
  static async open(
    url: string,
    slot: string,
    publication: string,
    shapes: ReadonlyMap<string, TableShape>,
    signal: AbortSignal,
  ): Promise<ReplicationStream> {
    const deadline = Date.now() + TAKEN_FOR_MS;
    for (;;) {
      try {
        return await ReplicationStream.#start(url, slot, publication, shapes);
      } catch (error) {
        const taken = error instanceof pg.DatabaseError && error.code === OBJECT_IN_USE;
        if (!taken || Date.now() > deadline) throw error;
        await pause(100, undefined, { signal });
      }
    }
  }

  static async #start(
    url: string,
    slot: string,
    publication: string,
    shapes: ReadonlyMap<string, TableShape>,
  ): Promise<ReplicationStream> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'carillon connector',
      // Makes it a walsender; missing from the types.
      ...({ replication: 'database' } as object),
    });
    const plugin = new PgoutputPlugin({ protoVersion: 1, publicationNames: [publication] });
    const stream = new ReplicationStream(client, plugin, shapes);
    await client.connect();
    client.on('error', (error) => stream.#end(error));
    client.on('end', () => stream.#end(new Error('The source ended the change stream.')));
    stream.#wire.on('copyData', ({ chunk }) => stream.#receive(chunk));
    const started = once(stream.#wire as unknown as NodeJS.EventEmitter, 'replicationStart');
    // Stays open for as long as the stream does; fails at once where the slot cannot be read.
    const running = plugin.start(client, slot, '0/0') as Promise<unknown>;
    running.catch((error: unknown) => stream.#end(error));
    try {
      await Promise.race([started, running]);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    stream.#timer = setInterval(() => stream.#report(), STATUS_EVERY_MS);
    stream.#timer.unref();
    return stream;
  }

  /** Batches as they come, until `signal` ends or the connection breaks. */
  async *batches(signal: AbortSignal): AsyncGenerator<StreamBatch> {
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const batch = this.#take();
        if (batch !== null) yield batch;
        else if (this.#ended !== null) throw this.#ended.error;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  /** Everything before this position is kept: the slot may let it go. */
  acknowledge(position: bigint): void {
    if (position <= this.#flushed) return;
    this.#flushed = position;
    this.#report();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#client.removeAllListeners('end');
    await this.#client.end().catch(() => undefined);
  }

  #receive(chunk: Buffer): void {
    const message = parseStreamMessage(chunk);
    switch (message.kind) {
      case 'data':
        return this.#decode(this.#plugin.parse(message.payload));
      case 'heartbeat':
        // In the middle of a transaction its position says nothing about that transaction.
        if (!this.#inTransaction) this.#put({ upTo: message.end });
        if (message.reply) this.#report();
        return;
      case 'other':
    }
  }

  #decode(message: Pgoutput.Message): void {
    if (message.tag === 'begin') {
      this.#inTransaction = true;
      this.#put({ transaction: message.xid });
    }
    const decoded = this.#decoder.decode(message);
    if (decoded === null) return;
    if ('upTo' in decoded) this.#inTransaction = false;
    this.#put(decoded);
  }

  #put(entry: Entry): void {
    this.#waiting.push(entry);
    if (this.#waiting.length > MOST_WAITING && !this.#paused) {
      this.#paused = true;
      this.#wire.stream.pause();
    }
    this.#wake();
  }

  #take(): StreamBatch | null {
    if (this.#waiting.length === 0) return null;
    const taken = this.#waiting.splice(0, LARGEST_BATCH);
    if (this.#paused && this.#waiting.length < LARGEST_BATCH) {
      this.#paused = false;
      this.#wire.stream.resume();
    }
    const changes: Change[] = [];
    const transactions: number[] = [];
    let upTo: bigint | null = null;
    for (const entry of taken) {
      if ('upTo' in entry) upTo = entry.upTo;
      else if ('transaction' in entry) transactions.push(entry.transaction);
      else changes.push(entry);
    }
    return { changes, transactions, upTo };
  }

  #report(): void {
    if (this.#ended === null && this.#flushed > 0n) {
      this.#wire.sendCopyFromChunk(statusUpdate(this.#flushed, Date.now()));
    }
  }

  #end(error: unknown): void {
    this.#ended ??= { error };
    this.#wake();
  }
}
