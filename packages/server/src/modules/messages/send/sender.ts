import type { Clock, Timer } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Hints } from '../../../platform/database/hints.ts';
import type { Logger } from '../../../platform/log.ts';
import { OneAtATime } from '../../../platform/one-at-a-time.ts';
import type { Recipient } from '../../identity/index.ts';
import type { Chunk } from '../chunk.ts';
import { claimChunks, findDueChunks, nextChunkDueAt, releaseChunks, renewLeases } from '../claim-store.ts';
import type { Share } from '../claim-store.ts';
import type { ClosedPage } from '../ledger-store.ts';
import type { Message } from '../message.ts';
import type { MessageCache } from './message-cache.ts';
import type { PageFlow } from './page-flow.ts';
import type { Circuits } from './circuits.ts';
import { chooseChunks, sharesIn } from './choose-chunks.ts';
import { Room } from './room.ts';
import { sendChunk } from './send-chunk.ts';
import { oneOfEach, waitingForProvider } from './waiting-for-provider.ts';
import type { WaitingForProvider } from './waiting-for-provider.ts';

export interface SenderOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly hints: Hints;
  readonly log: Logger;
  readonly flow: PageFlow;
  readonly messages: MessageCache;
  readonly circuits: Circuits;
  /** This process, as written into the chunks it has claimed. */
  readonly owner: string;
  readonly leaseMs: number;
  /** Recipients under way at once, of each priority; 8,000 when absent. */
  readonly mostRecipients?: number;
}

/** Hints can be lost, and a dead process gives none: look anyway. */
const LOOK_EVERY_MS = 1_000;
/** Chunks of each priority in one look, about. */
const MOST_CHUNKS = 512;
/** Two renewals may fail or come late before a lease is lost. */
const RENEWALS_A_LEASE = 3;

/**
 * Claims chunks that are due and sends them, as many at once as there is room for. Wakes at a hint,
 * when a chunk comes due, and at least once a second to take over what dead processes have left.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #underWay = new Map<Promise<void>, Chunk>();
  readonly #room: Room;
  #stopping = false;
  readonly #looking: OneAtATime;
  /** The next look finds everybody; those it found are named to the looks after it. */
  #lookWide = true;
  #named: readonly Share[] = [];
  /** Of these the last look left chunks behind that are due, or may have. */
  #waiting: readonly Share[] = [];
  /** What was due up to then was seen by the last look; what comes due later wakes. */
  #lookedAt = 0;
  /** When a provider that is down may be tried again. */
  #nextTryAt = Infinity;
  #wake: Timer | undefined;
  #beating: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#room = new Room(options.mostRecipients);
    this.#looking = new OneAtATime(
      () => this.#claim(),
      (error) => options.log.error({ error }, 'chunks could not be claimed'),
    );
    options.circuits.on((_, state) => {
      if (state.kind !== 'probing') this.look();
    });
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
    this.#wake?.cancel();
    await this.#looking.stop();
    // Leases are renewed up to the last page: a slow provider must not see it from two processes.
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay.keys());
    clearInterval(this.#beating);
  }

  /** Whether another small send of the app can be taken over at its creation. */
  hasRoom({ appId, channel }: Pick<Share, 'appId' | 'channel'>): boolean {
    if (this.#stopping || !this.#options.circuits.isClosed({ appId, channel })) return false;
    return this.#room.left({ priority: 'small', appId, channel }) > 0;
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
    this.#looking.ask();
  }

  async #claim(): Promise<void> {
    const { database, clock, owner, leaseMs, flow, messages, log } = this.#options;
    const now = clock.now();
    const full = this.#room.full();
    this.#waiting = full;
    const { resting, trying, nextTryAt } = await this.#waitingForProvider(now);
    const except = [...full, ...resting];
    const wide = this.#lookWide;
    this.#lookWide = false;
    const named = this.#named;
    const found = await findDueChunks(database, { now, most: MOST_CHUNKS, except, named, wide });
    if (wide) this.#named = sharesIn(found);
    const due = oneOfEach(found, trying);
    const { chosen, waiting } = chooseChunks(due, this.#room, flow.pageSize);
    // Known before anything is claimed: room that comes free from here on is worth another look.
    this.#waiting = [...full, ...waiting];
    const chunks = await claimChunks(database, chosen, { owner, now, leaseMs });
    if (this.#stopping) return releaseChunks(database, chunks);
    const known = await messages.load(chunks.map((chunk) => chunk.messageId));
    for (const chunk of chunks) {
      const { messageId, lane } = chunk;
      const message = known.get(messageId);
      if (message === undefined) log.error({ messageId, lane }, 'a chunk is of a message that is gone');
      else this.#track(chunk, (weigh) => this.#send(message, chunk, weigh));
    }
    this.#lookedAt = now;
    this.#nextTryAt = nextTryAt;
    await this.#sleepUntilDue();
  }

  async #waitingForProvider(now: number): Promise<WaitingForProvider> {
    const { circuits, flow } = this.#options;
    // Settings that have been changed since have a circuit of their own, and wait for nothing.
    await Promise.all(circuits.broken().map((outlet) => flow.providerOf(outlet)));
    return waitingForProvider(circuits.broken(), now);
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
    const { pageSize, strides } = this.#options.flow;
    const { priority, appId, channel } = chunk;
    const share = { priority, appId, channel };
    if (priority === 'small') strides.giveWay();
    let weight = Math.min(pageSize, chunk.targets?.length ?? pageSize);
    this.#room.take(share, weight);
    const shrink = (to: number) => {
      this.#room.leave(share, weight - Math.min(weight, to));
      weight = Math.min(weight, to);
      // Not at every chunk that ends: a claim costs two statements, for one or for many.
      if (this.#waiting.some((one) => this.#room.isRoomy(one))) this.look();
    };
    // Nobody knows how many are in a lane before they are read: a small audience leaves room for more lanes.
    const tracked: Promise<void> = begin(shrink)
      .catch((error: unknown) => {
        // Its lease is renewed no more, so the chunk is claimed again: nothing is lost by giving up here.
        const { messageId, lane } = chunk;
        this.#options.log.error({ error, messageId, lane }, 'a chunk was left in the middle');
        return 'lost' as const;
      })
      .then((end) => {
        this.#underWay.delete(tracked);
        shrink(0);
        if (end === 'ready') void this.#sleepUntilDue();
      });
    this.#underWay.set(tracked, chunk);
  }

  /** The next beat looks anyway, so an error here only makes the next chunk a second late. */
  async #sleepUntilDue(): Promise<void> {
    const { database, clock, log } = this.#options;
    const dueAt = await nextChunkDueAt(database, this.#lookedAt).catch((error: unknown) => {
      log.warn({ error }, 'the next due time could not be read');
      return null;
    });
    this.#wake?.cancel();
    const at = Math.min(dueAt ?? Infinity, this.#nextTryAt);
    if (at < Infinity && !this.#stopping) this.#wake = clock.at(at, () => this.look());
  }

  async #beat(): Promise<void> {
    const { database, leaseMs, log } = this.#options;
    this.#lookWide = true;
    this.look();
    await renewLeases(database, [...this.#underWay.values()], leaseMs).catch((error: unknown) =>
      log.warn({ error }, 'leases were not renewed'),
    );
  }
}
