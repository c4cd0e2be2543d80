import { planItems } from '../model/plan-items.ts';
import type { ChangeBatch } from '../model/source.ts';
import { lookAgain } from './look-again.ts';
import type { Session } from './session.ts';

/** How long what is kept may stay untold to the source: each telling costs a write of ours. */
const TELL_EVERY_MS = 500;

/**
 * Reads changes and queues what they call for. The source may forget a change only when that is on
 * the disk: an outage of the destination fills our disk, never the source's.
 */
export async function takeIn(session: Session, signal: AbortSignal): Promise<void> {
  const { connector, home, source, queued } = session;
  const { outbox, state, rejects } = home;
  if (source.changes === null) return lookAgain(session, signal);
  const teller = new Teller(session);
  try {
    for await (const batch of source.changes.read(state.progress.cursors, signal)) {
      const planned = planItems(connector, batch.changes, (digest) => state.has(digest));
      if (planned.items.length > 0) {
        await outbox.append(planned.items);
        queued.ring();
      }
      await rejects.add(planned.rejects, Date.now());
      teller.add(batch);
    }
  } finally {
    await teller.close();
  }
}

/** Keeps how far the source was read, and then tells the source: for many batches at once. */
class Teller {
  readonly #session: Session;
  #cursors: Record<string, string> = {};
  #last: ChangeBatch | null = null;
  #timer: NodeJS.Timeout | null = null;
  #telling: Promise<void> = Promise.resolve();

  constructor(session: Session) {
    this.#session = session;
  }

  add(batch: ChangeBatch): void {
    Object.assign(this.#cursors, batch.cursors);
    this.#last = batch;
    this.#timer ??= setTimeout(() => void this.#tell(), TELL_EVERY_MS);
  }

  /** Keeps what is left. Throws what keeping failed with. */
  async close(): Promise<void> {
    await this.#tell();
  }

  #tell(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const told = this.#telling.then(() => this.#tellNow());
    this.#telling = told.catch(() => undefined);
    return told;
  }

  async #tellNow(): Promise<void> {
    const last = this.#last;
    if (last === null) return;
    this.#last = null;
    const { state } = this.#session.home;
    const cursors = { ...state.progress.cursors, ...this.#cursors };
    this.#cursors = {};
    if (Object.entries(cursors).some(([name, value]) => state.progress.cursors[name] !== value)) {
      await state.commit([], { cursors });
    }
    last.acknowledge();
  }
}
