import type { Clock, Timer } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Hints } from '../../../platform/database/hints.ts';
import type { Logger } from '../../../platform/log.ts';
import type { Recipient } from '../../identity/index.ts';
import type { Chunk } from '../chunk.ts';
import { claimChunks, nextChunkDueAt, releaseChunks, renewLeases } from '../chunk-store.ts';
import type { ClosedPage } from '../ledger-store.ts';
import type { Message } from '../message.ts';
import type { MessageCache } from './message-cache.ts';
import type { PageFlow } from './page-flow.ts';
import { sendChunk } from './send-chunk.ts';

export interface SenderOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly hints: Hints;
  readonly log: Logger;
  readonly flow: PageFlow;
  readonly messages: MessageCache;
  /** This process, as written into the chunks it has claimed. */
  readonly owner: string;
  readonly leaseMs: number;
}

/** Recipients under way at once, over all chunks: what bounds memory. */
const MOST_RECIPIENTS = 4_000;
/** Chunks under way at once, most of them of one recipient each. */
const MOST_CHUNKS = 256;
/** Hints can be lost, and a dead process gives none: look anyway. */
const LOOK_EVERY_MS = 1_000;
/** Two renewals may fail or come late before a lease is lost. */
const RENEWALS_A_LEASE = 3;

/**
 * Claims chunks that are due and sends them, as many at once as there is room for. Wakes at a hint,
 * when a chunk comes due, and at least once a second to take over what dead processes have left.
 */
export class Sender {
  readonly #options: SenderOptions;
  /** With the recipients of the page under way, at most. */
  readonly #underWay = new Map<Promise<void>, { weight: number }>();
  #stopping = false;
  #looking = false;
  #lookAgain = false;
  /** The last look found as much as there was room for. */
  #moreWaits = false;
  #wake: Timer | undefined;
  #beating: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Under this id chunks are claimed: it stands in the chunks. */
  get owner(): string {
    return this.#options.owner;
  }

  start(): void {
    this.#unsubscribe = this.#options.hints.on('senders', () => this.look());
    // The database's clock rules leases, so this beat is on the machine's clock, not the injected one.
    const everyMs = Math.min(LOOK_EVERY_MS, this.#options.leaseMs / RENEWALS_A_LEASE);
    this.#beating = setInterval(() => void this.#beat(), everyMs);
    this.#beating.unref();
    this.look();
  }

  /** Finishes the pages under way, gives the chunks back and resolves. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#unsubscribe?.();
    clearInterval(this.#beating);
    this.#wake?.cancel();
    await Promise.allSettled(this.#underWay.keys());
  }

  /** Takes a small send over straight from its creation: no look-up, no wait. */
  takeAtBirth(message: Message, chunk: Chunk, recipients: readonly Recipient[] | null): void {
    const ids = chunk.doubtIds ?? [];
    const page = {
      message,
      chunk,
      ids,
      recipients,
      tried: new Map(),
      inDoubt: false,
      cursor: ids.at(-1) ?? null,
      exhausted: true,
    };
    this.#track(chunk, () => this.#options.flow.sendOpened(page));
  }

  /** Looks for due chunks now, or again once the look under way is over. */
  look(): void {
    if (this.#stopping) return;
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = true;
    this.#lookAgain = false;
    this.#claim()
      .catch((error: unknown) => this.#options.log.error({ error }, 'chunks could not be claimed'))
      .finally(() => {
        this.#looking = false;
        if (this.#lookAgain) this.look();
      });
  }

  async #claim(): Promise<void> {
    const { database, clock, owner, leaseMs, flow, messages } = this.#options;
    const { recipients, chunks: limit } = this.#room();
    this.#moreWaits = true;
    if (recipients <= 0 || limit <= 0) return;
    const { pageSize } = flow;
    const now = clock.now();
    const { chunks, more } = await claimChunks(database, {
      owner,
      now,
      leaseMs,
      limit,
      recipients,
      pageSize,
    });
    this.#moreWaits = more;
    const known = await messages.load(chunks.map((chunk) => chunk.messageId));
    for (const chunk of chunks) {
      const message = known.get(chunk.messageId);
      if (message !== undefined) this.#track(chunk, (weigh) => this.#send(message, chunk, weigh));
    }
    if (!more) await this.#sleepUntilDue();
  }

  /** What there is room for beside what is under way. */
  #room(): { readonly recipients: number; readonly chunks: number } {
    let recipients = MOST_RECIPIENTS;
    for (const { weight } of this.#underWay.values()) recipients -= weight;
    return { recipients, chunks: MOST_CHUNKS - this.#underWay.size };
  }

  async #send(
    message: Message,
    chunk: Chunk,
    weigh: (recipients: number) => void,
  ): Promise<ClosedPage | 'left'> {
    const { database, clock, flow } = this.#options;
    const stopping = () => this.#stopping;
    const end = await sendChunk(message, chunk, { database, clock, flow, stopping, weigh });
    if (end === 'left') await releaseChunks(database, [chunk]);
    return end;
  }

  #track(chunk: Chunk, begin: (weigh: (recipients: number) => void) => Promise<ClosedPage | 'left'>): void {
    const { pageSize } = this.#options.flow;
    const under = { weight: Math.min(pageSize, chunk.targets?.length ?? pageSize) };
    // Nobody knows how many are in a lane before they are read: a small audience leaves room for more lanes.
    const weigh = (recipients: number) => {
      under.weight = Math.min(under.weight, recipients);
      if (this.#moreWaits && this.#isHalfEmpty()) this.look();
    };
    const tracked: Promise<void> = begin(weigh)
      .catch((error: unknown) => {
        // The lease runs out and the chunk is claimed again: nothing is lost by giving up here.
        const { messageId, lane } = chunk;
        this.#options.log.error({ error, messageId, lane }, 'a chunk was left in the middle');
        return 'lost' as const;
      })
      .then((end) => {
        this.#underWay.delete(tracked);
        // Half empty, not at every chunk that ends: a claim costs two statements, for one or for many.
        if (this.#moreWaits && this.#isHalfEmpty()) this.look();
        else if (end === 'ready') void this.#sleepUntilDue();
      });
    this.#underWay.set(tracked, under);
  }

  #isHalfEmpty(): boolean {
    const { recipients, chunks } = this.#room();
    return recipients >= MOST_RECIPIENTS / 2 && chunks >= MOST_CHUNKS / 2;
  }

  /** The next beat looks anyway, so an error here only makes the next chunk a second late. */
  async #sleepUntilDue(): Promise<void> {
    const { database, clock, log } = this.#options;
    const at = await nextChunkDueAt(database).catch((error: unknown) => {
      log.warn({ error }, 'the next due time could not be read');
      return null;
    });
    this.#wake?.cancel();
    if (at !== null && !this.#stopping) this.#wake = clock.at(at, () => this.look());
  }

  async #beat(): Promise<void> {
    const { database, owner, leaseMs, log } = this.#options;
    if (this.#underWay.size > 0) {
      await renewLeases(database, owner, leaseMs).catch((error: unknown) =>
        log.warn({ error }, 'leases were not renewed'),
      );
    }
    this.look();
  }
}
