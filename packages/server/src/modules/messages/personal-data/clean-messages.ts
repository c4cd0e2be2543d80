import { emailFields, pushFields, smsFields } from '@carillon/wire';
import type { Database } from '../../../platform/database/database.ts';
import { isUuid } from '../../../platform/ids.ts';
import { withoutEmails } from '../../audience/index.ts';
import type { Identity, Person } from '../../identity/index.ts';
import { spareContents } from '../../templates/index.ts';
import type { ContentCache } from '../../templates/index.ts';
import {
  readAnswers,
  readTargeted,
  storeAnswer,
  storeRequest,
  usersOfMessages,
  wipeMessages,
} from './clean-messages-store.ts';
import type { TargetedMessage, WipedMessage } from './clean-messages-store.ts';
import { namesOf, withoutTargets, withoutUnreached } from './without-person.ts';
import type { Names } from './without-person.ts';

export interface CleanMessagesOptions {
  readonly database: Database;
  readonly identity: Pick<Identity, 'locateSubscriptions' | 'resolveAliases'>;
  readonly contents: ContentCache;
}

/** A message to more than this says nothing that was meant for one of them alone. */
const FEW = 100;
const MESSAGES_A_STEP = 50;

/** What of a request is part of the content. */
const OWN_CONTENT = [...Object.keys({ ...emailFields, ...pushFields, ...smsFields }), 'live_activity'];

/**
 * Takes people who are gone out of messages that they were to get: from the targets of those to others as
 * well, and everything that was said where nobody is left to whom it was said. Before the ledger loses
 * their ids, for they are not found any more then.
 */
export async function cleanMessages(
  options: CleanMessagesOptions,
  ids: readonly string[],
  people: readonly Person[],
  now: number,
): Promise<void> {
  const names = namesOf(people);
  for (let from = 0; from < ids.length; from += MESSAGES_A_STEP) {
    const messages = await readTargeted(options.database, ids.slice(from, from + MESSAGES_A_STEP), FEW);
    const left = messages.filter((message) => !message.isClean);
    const abandoned = await findAbandoned(options, left);
    await cleanAnswers(options, left, names);
    await wipe(
      options,
      left.filter(({ id }) => abandoned.has(id)),
      now,
    );
    for (const { id, request, audience } of left) {
      const others = abandoned.has(id) ? request : withoutTargets(request, names);
      if (others === request) continue;
      const asked = audience === null ? null : withoutEmails(audience, names.hasAddress);
      await storeRequest(options.database, id, others, asked);
    }
  }
}

/** Messages of which no target and no user that they went to is there any more. */
async function findAbandoned(
  { database, identity }: CleanMessagesOptions,
  messages: readonly TargetedMessage[],
): Promise<ReadonlySet<string>> {
  const few = messages.filter(({ targets }) => targets !== null);
  const went = await usersOfMessages(
    database,
    few.map(({ id }) => id),
  );
  const abandoned = new Set<string>();
  for (const { id, appId, targets } of few) {
    const users = went.filter(({ messageId }) => messageId === id).map(({ userId }) => userId);
    const [subscriptions, known] = await Promise.all([
      identity.locateSubscriptions(appId, targets ?? []),
      identity.resolveAliases(appId, 'onesignal_id', users),
    ]);
    if (subscriptions.length === 0 && known.size === 0) abandoned.add(id);
  }
  return abandoned;
}

async function wipe(
  { database, contents }: CleanMessagesOptions,
  messages: readonly TargetedMessage[],
  now: number,
): Promise<void> {
  if (messages.length === 0) return;
  const wiped: WipedMessage[] = [];
  const spare: { appId: string; id: string }[] = [];
  for (const { id, appId, kind, channel, contentId, request } of messages) {
    if (kind === 'journey') {
      const { run_id: _, ...rest } = request;
      wiped.push({ id, request: rest, contentId: null });
    } else if (OWN_CONTENT.some((field) => field in request)) {
      wiped.push({ id, request: {}, contentId: await contents.keepEmpty(appId, channel, now) });
      spare.push({ appId, id: contentId });
    } else {
      wiped.push({ id, request: {}, contentId: null });
    }
  }
  await database.transaction(async (transaction) => {
    await wipeMessages(transaction, wiped);
    await spareContents(transaction, spare, now);
  });
}

async function cleanAnswers(
  { database }: CleanMessagesOptions,
  messages: readonly TargetedMessage[],
  names: Names,
): Promise<void> {
  const keys = messages.flatMap(({ appId, request }) => {
    const key = request['idempotency_key'] ?? request['external_id'];
    return typeof key === 'string' && isUuid(key) ? [{ appId, key }] : [];
  });
  for (const kept of await readAnswers(database, keys)) {
    const response = withoutUnreached(kept.response, names);
    if (response !== kept.response) await storeAnswer(database, { ...kept, response });
  }
}
