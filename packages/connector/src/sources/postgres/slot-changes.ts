import pg from 'pg';
import type { Pool } from 'pg';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Beginning, ChangeBatch, ChangeFeed, Cursors } from '../../model/source.ts';
import { resumed, shapeOf } from './change-source.ts';
import { reachedRows } from './reached-rows.ts';
import { parseLsn, writeLsn } from './replication-protocol.ts';
import { ReplicationStream } from './replication-stream.ts';
import { ROW_TYPES } from './row-types.ts';
import { createSlot, dropSlot, ensurePublication, findSlot } from './slot.ts';
import type { SlotState } from './slot.ts';
import type { TableShape } from './table-shape.ts';
import { Visibility } from './visibility.ts';

const HEARTBEAT_MS = 10_000;
/** The cursor's name: a home that is older than its slot is told by it. */
const POSITION = 'slot';

/** Changes by logical replication: a slot that remembers, a publication of the watched tables. */
export class SlotChanges implements ChangeFeed {
  readonly #pool: Pool;
  readonly #url: string;
  readonly #name: string;
  readonly #shapes: ReadonlyMap<string, TableShape>;

  constructor(pool: Pool, url: string, name: string, shapes: ReadonlyMap<string, TableShape>) {
    this.#pool = pool;
    this.#url = url;
    this.#name = name;
    this.#shapes = shapes;
  }

  async begin(known: Cursors | null, signal: AbortSignal): Promise<Beginning> {
    await ensurePublication(this.#pool, this.#name, [...this.#shapes.keys()]);
    const slot = await findSlot(this.#pool, this.#name);
    if (slot !== null && !slot.ours) {
      throw new ConfigInvalid(
        'name',
        `is taken: the slot ${this.#name} belongs to database ${slot.database}`,
      );
    }
    if (slot !== null && known !== null && !slot.lost && !forgotten(slot, known))
      return resumed(this.#pool, this.#shapes);
    // A slot whose beginning was never finished remembers too much or too little: begin again.
    if (slot !== null) await dropSlot(this.#pool, this.#name, signal);
    const { snapshot, start, connection } = await createSlot(this.#url, this.#name);
    const reader = new pg.Client({ connectionString: this.#url, types: ROW_TYPES });
    reader.on('error', () => undefined);
    await reader.connect();
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await reader.query(`SET TRANSACTION SNAPSHOT ${pg.escapeLiteral(snapshot)}`);
    const shapes = this.#shapes;
    return {
      reason: known === null ? 'first' : 'lost',
      cursors: { [POSITION]: start },
      reached: (query) => reachedRows(reader, shapeOf(shapes, query.table), query, Date.now()),
      async release() {
        await reader.end();
        await connection.end();
      },
    };
  }

  async *read(_cursors: Cursors, signal: AbortSignal): AsyncGenerator<ChangeBatch> {
    const stream = await ReplicationStream.open(this.#url, this.#name, this.#name, this.#shapes, signal);
    // Where only other databases write, the slot would hold their log back until this one is written to.
    const beat = setInterval(() => {
      this.#pool.query("SELECT pg_logical_emit_message(false, 'carillon', '')").catch(() => undefined);
    }, HEARTBEAT_MS);
    try {
      const visibility = new Visibility(this.#pool);
      for await (const { changes, transactions, upTo } of stream.batches(signal)) {
        await visibility.of(transactions, signal);
        if (signal.aborted) return;
        yield {
          changes,
          cursors: upTo === null ? {} : { [POSITION]: writeLsn(upTo) },
          acknowledge() {
            if (upTo !== null) stream.acknowledge(upTo);
          },
        };
      }
    } finally {
      clearInterval(beat);
      await stream.close();
    }
  }
}

/**
 * The slot has been read further than this home knows of: the home was restored from a backup. What
 * came in between was told once and will not be told again.
 */
function forgotten({ confirmed }: SlotState, known: Cursors): boolean {
  const kept = known[POSITION];
  return kept !== undefined && confirmed !== null && parseLsn(confirmed) > parseLsn(kept);
}
