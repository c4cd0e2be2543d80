import { setTimeout as pause } from 'node:timers/promises';
import type { Beginning, ChangeBatch, ChangeFeed, Cursors, Source } from '../../model/source.ts';
import type { Change } from '../../model/transition.ts';
import { CursorReader } from '../cursor-reader.ts';
import type { Crm } from './crm.ts';

const CHUNK = 500;

/** Changes by asking each `everyMs` for the records that changed last. */
export class PolledObjects implements ChangeFeed {
  readonly #crm: Crm;
  readonly #source: Pick<Source, 'scan' | 'changed'>;
  readonly #tables: readonly string[];
  readonly #overlapMs: number;
  readonly #everyMs: number;

  constructor(
    crm: Crm,
    source: Pick<Source, 'scan' | 'changed'>,
    tables: readonly string[],
    { overlapMs, everyMs }: { readonly overlapMs: number; readonly everyMs: number },
  ) {
    this.#crm = crm;
    this.#source = source;
    this.#tables = tables;
    this.#overlapMs = overlapMs;
    this.#everyMs = everyMs;
  }

  begin(known: Cursors | null, signal: AbortSignal): Promise<Beginning> {
    const source = this.#source;
    const now = new Date().toISOString();
    return Promise.resolve({
      reason: known === null ? 'first' : 'resumed',
      cursors: known === null ? Object.fromEntries(this.#tables.map((table) => [table, now])) : {},
      async *reached(query) {
        for await (const scanned of source.scan({ of: 'reached', ...query }, signal)) {
          for (let at = 0; at < scanned.length; at += CHUNK) {
            const keys = scanned.slice(at, at + CHUNK).map(({ key }) => key);
            yield await source.changed(query.table, keys);
          }
        }
      },
      release: () => Promise.resolve(),
    });
  }

  async *read(cursors: Cursors, signal: AbortSignal): AsyncGenerator<ChangeBatch> {
    const readers = this.#tables.map((table) => {
      const timed = this.#crm.timed(table.replace(/^public\./, ''), table, signal);
      return new CursorReader(timed, this.#overlapMs, cursors[table] ?? new Date().toISOString());
    });
    while (!signal.aborted) {
      for (const reader of readers) {
        for await (const { changes, cursor } of reader.poll()) {
          yield {
            changes: changes.map((change) => this.#told(change)),
            cursors: { [reader.table]: cursor },
            acknowledge: () => undefined,
          };
        }
      }
      await pause(this.#everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #told(change: Change): Change {
    return this.#crm.isDeleted(change.row) ? { ...change, kind: 'delete' } : change;
  }
}
