import { setTimeout as pause } from 'node:timers/promises';
import type { Tried } from '../../home/rejects.ts';
import type { Entry } from '../../home/sorted-table.ts';
import type { Progress } from '../../home/state.ts';
import type { Reject } from '../../model/reject.ts';
import type { BatchCount } from '../report.ts';
import type { Session } from '../session.ts';
import type { Place, Window } from './window.ts';

/** From one write to the next: each costs an fsync, however little is in it. */
const GATHER_MS = 5;

type Counts = { -readonly [Name in keyof BatchCount]: number };

/** What became of some work, kept on the disk soon. */
export interface Outcome {
  readonly places: readonly Place[];
  readonly acked?: readonly Entry[];
  /** Something of `acked` is about consent. */
  readonly consents?: 'some';
  readonly rejects?: readonly Reject[];
  /** Whatever of these is no reject any more leaves the table. */
  readonly tried?: readonly Tried[];
  readonly count?: Partial<BatchCount>;
}

/**
 * Keeps what the destination has acknowledged: everything that came while one write was on its way to
 * the disk goes into the next. What was acknowledged counts at once, and the outbox moves on when that
 * is on the disk, not before.
 */
export class Commits {
  readonly #session: Session;
  readonly #window: Window;
  #acked = new Map<string, string>();
  #writing = new Map<string, string>();
  #rejects: Reject[] = [];
  #tried: Tried[] = [];
  #count = noCounts();
  #hasConsents = false;
  #running: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;

  constructor(session: Session, window: Window) {
    this.#session = session;
    this.#window = window;
  }

  /** Is everything that was settled on the disk? */
  get isIdle(): boolean {
    return this.#running === null;
  }

  /** What is kept under a digest, with what is about to be. */
  get(digest: string): string | null {
    return this.#acked.get(digest) ?? this.#writing.get(digest) ?? this.#session.home.state.get(digest);
  }

  /** Is anything kept of consent, or about to be? */
  get mayHaveConsents(): boolean {
    return this.#hasConsents || this.#session.home.state.progress.consents === 'some';
  }

  settle({ places, acked = [], consents, rejects = [], tried = [], count = {} }: Outcome): void {
    if (consents === 'some') this.#hasConsents = true;
    for (const place of places) place.done = true;
    for (const [key, value] of acked) this.#acked.set(key, value);
    this.#rejects.push(...rejects);
    // Most things were never refused.
    for (const it of tried) if (this.#session.home.rejects.concerns(it)) this.#tried.push(it);
    for (const [name, more] of Object.entries(count)) this.#count[name as keyof Counts] += more;
    this.#count.rejected += rejects.length;
    this.#running ??= this.#run();
  }

  /** Keeps entries, and returns when they are on the disk. */
  note(entries: readonly Entry[], progress: Partial<Progress> = {}): Promise<void> {
    return this.#session.home.state.commit(entries, progress);
  }

  /** Throws what kept something from being written. */
  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Resolves when everything that was settled is on the disk. */
  async flush(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #run(): Promise<void> {
    const { home, report, drained, queued } = this.#session;
    try {
      // Whatever is settled in the same turn goes together.
      await Promise.resolve();
      while (
        this.#acked.size > 0 ||
        this.#count.rejected > 0 ||
        this.#tried.length > 0 ||
        this.#count.unchanged > 0 ||
        this.#window.isDone
      ) {
        const end = this.#window.advance();
        const [acked, rejects, tried, count] = [this.#acked, this.#rejects, this.#tried, this.#count];
        this.#writing = acked;
        this.#acked = new Map();
        this.#rejects = [];
        this.#tried = [];
        this.#count = noCounts();
        await home.rejects.settle(tried, rejects, Date.now());
        await home.state.commit([...acked], {
          ...(end !== null && { outbox: end }),
          ...(this.#hasConsents && home.state.progress.consents === 'none' && { consents: 'some' }),
        });
        if (end !== null) home.outbox.done(end);
        this.#writing = new Map();
        drained.ring();
        queued.ring();
        report({ kind: 'delivered', batch: count, backlogBytes: home.outbox.backlog });
        await pause(GATHER_MS);
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#running = null;
      queued.ring();
    }
  }
}

function noCounts(): Counts {
  return { users: 0, unchanged: 0, removed: 0, events: 0, messages: 0, noRecipients: 0, rejected: 0 };
}
