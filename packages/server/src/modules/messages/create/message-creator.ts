import type { Channel, CreateMessageAnswer } from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import { Coalescer } from '../../../platform/database/coalescer.ts';
import { retryTransient } from '../../../platform/database/retry.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Partitions } from '../../../platform/database/partitions.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { newTimedId } from '../../../platform/ids.ts';
import type { Recipient } from '../../identity/index.ts';
import type { Content } from '../../templates/index.ts';
import type { Chunk, Priority } from '../chunk.ts';
import type { Message } from '../message.ts';
import { insertMessages, rememberAnswer } from '../message-store.ts';
import type { NewChunk, NewMessage } from '../message-store.ts';
import { answerFor } from './answer-for.ts';
import type { AudienceGuard } from './audience-guard.ts';
import { buildMessage, chunksOfAudience } from './build-message.ts';
import type { BuildOptions } from './build-message.ts';
import { contentOfDraft } from './content-of-draft.ts';
import type { ContentSource } from './content-of-draft.ts';
import { findTargets } from './find-targets.ts';
import type { TargetSource, Targets } from './find-targets.ts';
import { answerUnder, idempotencyOf } from './idempotency.ts';
import type { CreatedMessage, IdempotencyKey } from './idempotency.ts';
import { keptRequest } from './kept-request.ts';
import type { MessageDraft } from './parse-message.ts';
import { goesToUnsubscribed, reachOf } from './reach-of.ts';
import { parseHoldOut } from './parse-hold-out.ts';
import { parseTiming } from '../timing/parse-timing.ts';

/** Up to this many recipients a message is handed over at once, by the process that accepted it. */
const SMALL = 50;
/** In one statement, at most: so many small messages, or a few to very many people. */
const MESSAGES_A_STATEMENT = 500;
/** As large as a message of its own, together with their names in the request. */
const TARGETS_LIKE_A_MESSAGE = 50;

export interface MessageCreatorOptions extends ContentSource, BuildOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly partitions: Partitions;
  readonly identity: TargetSource;
  /** Absent: an app may send to as many as it likes. */
  readonly guard?: AudienceGuard;
  /** This process, as written into the chunks it hands over itself. */
  readonly owner: string;
  readonly leaseMs: number;
  /** Takes small sends over at once; null in a process that does not send. */
  readonly sender: SmallSender | null;
  /** Tells senders that there is work. */
  readonly wakeSenders: () => void;
}

/** Who hands small sends over in the very process that accepts them. */
export interface SmallSender {
  /**
   * False while too much of the app is under way, or its provider is down: the message then waits in the
   * database, not in memory.
   */
  hasRoom(outlet: { readonly appId: string; readonly channel: Channel }): boolean;
  /** `recipients` are the chunk's targets that exist, where they have been read already. */
  takeAtBirth(message: Message, chunk: Chunk, recipients: readonly Recipient[] | null): void;
}

/** Accepts messages: once the answer is there, the message is committed. */
export class MessageCreator {
  readonly #options: MessageCreatorOptions;
  readonly #insert: Coalescer<NewMessage, boolean>;

  constructor(options: MessageCreatorOptions) {
    const { database, owner, leaseMs } = options;
    this.#options = options;
    this.#insert = new Coalescer({
      inFlight: 2,
      largest: MESSAGES_A_STATEMENT,
      weight: ({ chunks }) =>
        1 + sumOf(chunks, ({ targets }) => targets?.length ?? 0) / TARGETS_LIKE_A_MESSAGE,
      // Within one statement ON CONFLICT cannot tell which of two equal keys was first.
      conflicts: ({ appId, idempotency }) => (idempotency === null ? [] : [`${appId} ${idempotency.key}`]),
      flush: (messages) => retryTransient(() => insertMessages(database, messages, owner, leaseMs)),
    });
  }

  /** Throws ApiError for a template, a content or an idempotency key that will not do. */
  async create(draft: MessageDraft): Promise<CreatedMessage> {
    const { database, clock, partitions, guard } = this.#options;
    const { appId, body } = draft;
    const now = clock.now();
    const sendAfter = Math.max(now, draft.sendAfter ?? now);
    const timing = parseTiming(body, sendAfter);
    const id = newTimedId(now);
    const holdOut = parseHoldOut(body, { appId, messageId: id });
    const idempotency = idempotencyOf(draft);
    const choosing = contentOfDraft(draft, this.#options);
    // Addresses are subscribed while they are looked up, and recipients counted: not for a message that will
    // not do or is known.
    if (draft.targeting.kind === 'addresses' || (await guard?.guards(appId)) === true) {
      await choosing;
      const first =
        idempotency === null ? null : await answerUnder<CreateMessageAnswer>(database, appId, idempotency);
      if (first !== null) return first;
    }
    const [content, targets] = await Promise.all([choosing, this.#targets(draft, choosing)]);
    goesToUnsubscribed(body, content);
    const answer = answerFor(targets, draft, id);
    if (answer.id === '') return this.#nobody(appId, answer, idempotency, now);

    if (!partitions.has(now)) await partitions.need(now);
    const message = await buildMessage(this.#options, draft, { id, content, timing, holdOut, now });
    const { channel, audience } = message;
    const guarded = { appId, channel, audience, at: sendAfter, recipients: targets.reachable };
    const takeBack = await guard?.admit({ ...guarded, confirmed: body.confirm_recipients ?? null });
    const isThrottled = message.timing !== null && message.timing.perMinute !== null;
    const chunks = this.#chunks(message, targets, sendAfter === now && !isThrottled);
    const inserted = await this.#insert.submit({
      ...message,
      kind: 'api',
      request: keptRequest(body, draft.liveActivity),
      at: now,
      sendAfter,
      idempotency: idempotency === null ? null : { ...idempotency, response: answer },
      chunks,
    });
    if (!inserted && idempotency !== null) {
      await takeBack?.();
      return this.#firstAnswer(appId, idempotency);
    }
    this.#handOver(message, chunks, targets.recipients);
    return { answer, replayed: false };
  }

  /** Whom a template's platforms leave is known only with the content. */
  async #targets(draft: MessageDraft, choosing: Promise<Content>): Promise<Targets> {
    const { appId } = draft;
    const isSure = draft.channel !== null && draft.channel !== 'push';
    const { channel, types } = isSure ? { channel: draft.channel, types: null } : reachOf(await choosing);
    const unsubscribedToo = draft.body.include_unsubscribed === true;
    return findTargets(this.#options.identity, { appId, channel, types, unsubscribedToo }, draft);
  }

  #chunks(message: Message, { byLane }: Targets, due: boolean): NewChunk[] {
    if (byLane === null) return chunksOfAudience();
    const small = sumOf(byLane.values(), (ids) => ids.length) <= SMALL;
    const priority: Priority = small ? 'small' : 'broadcast';
    const bornOpen = due && small && this.#options.sender?.hasRoom(message) === true;
    return [...byLane].map(([lane, targets]) => ({ lane, priority, targets, bornOpen }));
  }

  #handOver(message: Message, chunks: readonly NewChunk[], recipients: readonly Recipient[] | null): void {
    const { sender, wakeSenders } = this.#options;
    const { id: messageId, appId, channel } = message;
    for (const { lane, priority, targets, bornOpen } of chunks) {
      if (!bornOpen || sender === null) return wakeSenders();
      const place = { messageId, lane, appId, channel, priority, epoch: 1 };
      const chunk = { ...place, targets, cursor: null, doubtIds: targets, retrying: 0, throttleReserved: 0 };
      sender.takeAtBirth(message, chunk, recipients?.filter((recipient) => recipient.lane === lane) ?? null);
    }
  }

  async #nobody(
    appId: string,
    answer: CreateMessageAnswer,
    idempotency: IdempotencyKey | null,
    now: number,
  ): Promise<CreatedMessage> {
    if (idempotency === null) return { answer, replayed: false };
    const kept = { ...idempotency, response: answer };
    const first = await rememberAnswer(this.#options.database, appId, kept, now);
    return first ? { answer, replayed: false } : this.#firstAnswer(appId, idempotency);
  }

  async #firstAnswer(appId: string, asked: IdempotencyKey): Promise<CreatedMessage> {
    const first = await answerUnder<CreateMessageAnswer>(this.#options.database, appId, asked);
    if (first === null) throw new ApiError('unavailable', { retryAfter: 1 });
    return first;
  }
}

function sumOf<Item>(items: Iterable<Item>, weight: (item: Item) => number): number {
  let sum = 0;
  for (const item of items) sum += weight(item);
  return sum;
}
