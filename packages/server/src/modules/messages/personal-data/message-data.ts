import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { ErasedCounts, lanesOfPeople } from '../../identity/index.ts';
import type { Person, PersonalData, PeopleInLane } from '../../identity/index.ts';
import { deleteSpare, findSpare } from '../../templates/index.ts';
import type { ContentCache } from '../../templates/index.ts';
import { eraseMarksOf } from '../timing/frequency-store.ts';
import { cleanMessages } from './clean-messages.ts';
import type { CleanMessagesOptions } from './clean-messages.ts';
import { readDeliveries } from './export-messages-store.ts';
import { walkLedger, walkWaiting } from './ledger-walk-store.ts';
import type { LedgerHit } from './ledger-walk-store.ts';
import { renameDeliveries } from './rename-deliveries-store.ts';
import { findInUse } from './spare-contents-store.ts';

export interface MessageDataOptions extends CleanMessagesOptions {
  readonly clock: Clock;
}

/** Deliveries that are read together with what was said: few, because a content can be 256 KB. */
const DELIVERIES_A_STEP = 100;

/** What messages hold about people: to be told and erased in this order, behind the feed. */
export function messageData(options: MessageDataOptions): PersonalData[] {
  return [ledgerData(options), contentData(options)];
}

function ledgerData(options: MessageDataOptions): PersonalData {
  const { database, contents, clock } = options;
  return {
    name: 'messages',
    async *exportOf(person) {
      const told = new Set<string>();
      for (const place of lanesOfPeople([person])) {
        for await (const hits of walkLedger(database, place)) {
          yield* tellDeliveries(database, contents, person, place, hits, told);
        }
      }
    },
    async erase(people) {
      const counts = new ErasedCounts(people);
      const now = clock.now();
      for (const place of lanesOfPeople(people)) {
        // When they were last written to.
        for (const id of await eraseMarksOf(database, place.lane, place.users)) counts.add([id], 1);
        for await (const hits of walkWaiting(database, place)) {
          await eraseHits(options, people, place, hits, counts, now);
        }
        for await (const hits of walkLedger(database, place)) {
          await eraseHits(options, people, place, hits, counts, now);
        }
      }
      return counts.results();
    },
  };
}

async function eraseHits(
  options: MessageDataOptions,
  people: readonly Person[],
  { lane, users }: PeopleInLane,
  hits: readonly LedgerHit[],
  counts: ErasedCounts,
  now: number,
): Promise<void> {
  await cleanMessages(options, [...new Set(hits.map(({ messageId }) => messageId))], people, now);
  const renamed = await renameDeliveries(options.database, lane, hits, users);
  for (const [index, { userId, subscriptionId }] of hits.entries()) {
    const whose = [userId, subscriptionId];
    if (renamed[index] === true) counts.add(whose, 1);
    else counts.leaveUnfinished(whose);
  }
}

/** Each delivery, with what was said the first time that a content comes up. */
async function* tellDeliveries(
  database: Database,
  contents: ContentCache,
  person: Person,
  { lane, users }: PeopleInLane,
  hits: readonly LedgerHit[],
  told: Set<string>,
): AsyncGenerator<object> {
  // What went to a device while it was somebody else's is theirs.
  const own = hits.filter(({ userId }) => userId === null || users.includes(userId));
  const subscriptions = person.subscriptions.map(({ id }) => id);
  for (let from = 0; from < own.length; from += DELIVERIES_A_STEP) {
    const keys = own.slice(from, from + DELIVERIES_A_STEP);
    const deliveries = await readDeliveries(database, lane, keys, subscriptions);
    const wanted = deliveries.filter(({ content_id: id }) => !told.has(id));
    const said = await contents.load(wanted.map(({ app_id: appId, content_id: id }) => ({ appId, id })));
    for (const { only: _, app_id: appId, ...delivery } of deliveries) {
      const content = told.has(delivery.content_id) ? undefined : said.get(`${appId} ${delivery.content_id}`);
      told.add(delivery.content_id);
      yield content === undefined ? delivery : { ...delivery, content };
    }
  }
}

/** Texts that were made for somebody, once it is known that nobody else was sent the same. */
function contentData({ database, clock }: MessageDataOptions): PersonalData {
  return {
    name: 'contents',
    exportOf: null,
    async erase(people) {
      const appIds = [...new Set(people.map(({ appId }) => appId))];
      const spare = await findSpare(database, appIds);
      const settled = await deleteSpare(database, await findInUse(database, spare), clock.now());
      // Whose they were is not known any more.
      return people.map(() => ({ rows: 0, isUnfinished: settled < spare.length }));
    },
  };
}
