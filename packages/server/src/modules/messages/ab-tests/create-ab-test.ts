import { isDeepStrictEqual } from 'node:util';
import type { CreateAbTestAnswer } from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Partitions } from '../../../platform/database/partitions.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { newTimedId } from '../../../platform/ids.ts';
import { isNobody } from '../../audience/index.ts';
import type { Audience } from '../../audience/index.ts';
import type { AudienceGuard } from '../create/audience-guard.ts';
import { buildMessage, chunksOfAudience } from '../create/build-message.ts';
import type { BuildOptions } from '../create/build-message.ts';
import { contentOfDraft } from '../create/content-of-draft.ts';
import type { ContentSource } from '../create/content-of-draft.ts';
import { answerUnder, idempotencyOf } from '../create/idempotency.ts';
import type { Created, IdempotencyKey } from '../create/idempotency.ts';
import { keptRequest } from '../create/kept-request.ts';
import { parseHoldOut } from '../create/parse-hold-out.ts';
import { audienceOf, goesToUnsubscribed, reachOf } from '../create/reach-of.ts';
import { insertMessages, rememberAnswer } from '../message-store.ts';
import type { NewMessage } from '../message-store.ts';
import { parseTiming } from '../timing/parse-timing.ts';
import { wrong } from '../wrong-field.ts';
import { insertAbTest } from './ab-test-store.ts';
import { awaitInField, inField } from './in-field.ts';
import { checkMetric } from './parse-ab-test.ts';
import type { AbTestDraft } from './parse-ab-test.ts';
import { inSlice } from './rest-message.ts';

export interface CreateAbTestOptions extends ContentSource, BuildOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly partitions: Partitions;
  /** Absent: an app may send to as many as it likes. */
  readonly guard?: AudienceGuard;
}

/** Nobody has claimed a chunk of theirs: each is found by whoever sends. */
export const UNCLAIMED = { owner: '00000000-0000-0000-0000-000000000000', leaseMs: 0 };

const MINUTE_MS = 60_000;

/** Makes a test with all its variants, or nothing. Throws ApiError. */
export async function createAbTest(
  options: CreateAbTestOptions,
  draft: AbTestDraft,
): Promise<Created<CreateAbTestAnswer>> {
  const { database, clock, partitions, guard } = options;
  const { appId, message: common } = draft;
  const idempotency = idempotencyOf(draft);
  const before = await firstAnswer(database, appId, idempotency);
  if (before !== null) return before;

  const now = clock.now();
  const sendAfter = Math.max(now, common.sendAfter ?? now);
  const decidesAt = draft.afterMinutes === null ? null : new Date(sendAfter + draft.afterMinutes * MINUTE_MS);
  const messages = await buildVariants(options, draft, { now, sendAfter, decidesAt });
  const [first] = messages;
  const channel = first?.channel ?? 'email';
  const answer: CreateAbTestAnswer = {
    id: draft.id,
    variants: draft.variants.map(({ name }, place) => ({ name, message_id: messages[place]?.id ?? '' })),
    decides_at: decidesAt?.toISOString() ?? null,
    ...warningsOf(draft),
  };
  await partitions.need(now);
  const audience = first?.audience ? withoutSlices(first.audience) : null;
  const confirmed = common.body.confirm_recipients ?? null;
  // Once for everybody: what the rest gets is admitted here too.
  const takeBack = await guard?.admit({
    appId,
    channel,
    audience,
    at: sendAfter,
    recipients: null,
    confirmed,
  });
  const made = await database.transaction(async (transaction) => {
    if (idempotency !== null) {
      const kept = { ...idempotency, response: answer };
      if (!(await rememberAnswer(transaction, appId, kept, now))) return false;
    }
    await insertAbTest(transaction, {
      ...draft,
      channel,
      variants: draft.variants.map(({ name, slice }, place) => ({
        name,
        parts: slice.to - slice.from,
        messageId: messages[place]?.id ?? '',
      })),
      decidesAt,
      createdAt: new Date(now),
    });
    await insertMessages(transaction, messages, UNCLAIMED.owner, UNCLAIMED.leaseMs);
    return true;
  });
  if (made) return { answer, replayed: false };
  await takeBack?.();
  const other = await firstAnswer(database, appId, idempotency);
  if (other === null) throw new ApiError('unavailable', { retryAfter: 1 });
  return other;
}

function firstAnswer(
  database: Database,
  appId: string,
  idempotency: IdempotencyKey | null,
): Promise<Created<CreateAbTestAnswer> | null> {
  return idempotency === null ? Promise.resolve(null) : answerUnder(database, appId, idempotency);
}

interface Times {
  readonly now: number;
  readonly sendAfter: number;
  readonly decidesAt: Date | null;
}

async function buildVariants(
  options: CreateAbTestOptions,
  { id: testId, appId, message: common, variants, winnerBy }: AbTestDraft,
  { now, sendAfter, decidesAt }: Times,
): Promise<NewMessage[]> {
  const timing = inField('message', () => parseTiming(common.body, sendAfter));
  // The same users of every variant and of the rest: somebody with two devices is not to get it on one of them.
  const holdOut = inField('message', () => parseHoldOut(common.body, { appId, messageId: testId }));
  const end = common.body.expires_at ?? null;
  if (end !== null && decidesAt !== null && new Date(end) <= decidesAt) {
    throw wrong('message.expires_at', `must be after the winner is known, ${decidesAt.toISOString()}`);
  }
  const contents = await Promise.all(
    variants.map(({ draft }, place) => awaitInField(`variants[${place}]`, contentOfDraft(draft, options))),
  );
  const [first] = contents;
  for (const [place, content] of contents.entries()) {
    if (first !== undefined && !isDeepStrictEqual(reachOf(content), reachOf(first))) {
      const rule = 'is for another channel or other platforms than variants[0]: all of a test have the same';
      throw wrong(`variants[${place}]`, rule);
    }
    checkMetric(content.channel, winnerBy);
    if (winnerBy === 'clicked' && content.channel === 'email' && !content.trackClicks) {
      throw wrong('winner_by', `cannot be clicked, because variants[${place}] counts no clicks`);
    }
    const unsubscribedToo = inField('message', () => goesToUnsubscribed(common.body, content));
    const asked = audienceOf(common.targeting, content, unsubscribedToo);
    if (asked !== null && isNobody(asked)) throw wrong('message', 'is for nobody: name segments of this app');
  }
  return Promise.all(
    variants.map(async ({ draft, slice }, place): Promise<NewMessage> => {
      const content = contents[place] ?? (await contentOfDraft(draft, options));
      const parts = { id: newTimedId(now), content, timing, holdOut, now };
      const message = await buildMessage(options, draft, parts);
      return {
        ...message,
        audience: inSlice(message.audience, slice),
        kind: 'api',
        request: keptRequest(draft.body),
        at: now,
        sendAfter,
        idempotency: null,
        chunks: chunksOfAudience(),
      };
    }),
  );
}

function withoutSlices(audience: Audience): Audience {
  return { ...audience, only: audience.only.filter(({ kind }) => kind !== 'slice') };
}

function warningsOf({ message: { targeting } }: AbTestDraft): Pick<CreateAbTestAnswer, 'warnings'> {
  return targeting.kind === 'audience' && targeting.warnings.length > 0
    ? { warnings: [...targeting.warnings] }
    : {};
}
