import type { Queryable } from '../../../../platform/database/database.ts';
import type { PersonalData, Person } from '../../../identity/index.ts';
import { eraseInboundOf, inboundTextsOf } from './inbound-store.ts';
import type { InboundSender } from './inbound-store.ts';

/** What people have texted, found by their numbers and by their subscriptions. */
export function inboundSmsData(database: Queryable): PersonalData {
  return {
    name: 'inbound_sms',
    async *exportOf(person) {
      yield* await inboundTextsOf(database, senderOf(person));
    },
    async erase(people) {
      const gone = await eraseInboundOf(database, people.map(senderOf));
      return people.map((_, n) => ({ rows: gone.get(n) ?? 0, isUnfinished: false }));
    },
  };
}

function senderOf({ appId, addresses, subscriptions }: Person): InboundSender {
  return { appId, senders: [...new Set(addresses)], subscriptions: subscriptions.map(({ id }) => id) };
}
