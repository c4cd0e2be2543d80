import { statement } from '../../../../platform/database/database.ts';
import type { Queryable } from '../../../../platform/database/database.ts';
import { ErasedCounts } from '../../../identity/index.ts';
import type { PersonalData } from '../../../identity/index.ts';

// The sandbox keeps some thousands of messages and no more. Those that name no delivery are found by their address,
// number or token.
const ABOUT = `subscription_id = any($1) or (subscription_id is null and lower(recipient) = any($2))`;

const read = statement(
  '',
  `select id, channel, message_id, subscription_id, sender, recipient, received_at, fate, raw
   from sandbox_messages where id > $3 and (${ABOUT}) order by id limit $4`,
);

const remove = statement(
  'sandbox.erase',
  `with gone as (delete from sandbox_messages where ${ABOUT} returning subscription_id, lower(recipient) as recipient)
   select subscription_id as "subscriptionId", recipient, count(*)::int as rows from gone group by 1, 2`,
);

/** A mail can have 30 MB. */
const MESSAGES_A_STEP = 20;

interface Received {
  readonly id: number;
  readonly raw: Buffer;
}

/** What the sandbox has received for people: the messages as they were sent. */
export function sandboxData(database: Queryable): PersonalData {
  return {
    name: 'sandbox_messages',
    async *exportOf({ subscriptions, addresses }) {
      const ids = subscriptions.map(({ id }) => id);
      const tokens = addresses.map((address) => address.toLowerCase());
      for (let after = 0; ;) {
        const messages = await database.rows<Received>(read, [ids, tokens, after, MESSAGES_A_STEP]);
        for (const { raw, ...message } of messages) yield { ...message, raw: raw.toString('utf8') };
        if (messages.length < MESSAGES_A_STEP) return;
        after = messages.at(-1)?.id ?? after;
      }
    },
    async erase(people) {
      const counts = new ErasedCounts(people);
      const ids = people.flatMap(({ subscriptions }) => subscriptions.map(({ id }) => id));
      const owners = new Map(
        people.flatMap(({ addresses, users, subscriptions }) =>
          addresses.map((address) => [
            address.toLowerCase(),
            users[0]?.userId ?? subscriptions[0]?.id ?? null,
          ]),
        ),
      );
      const gone = await database.rows<{ subscriptionId: string | null; recipient: string; rows: number }>(
        remove,
        [ids, [...owners.keys()]],
      );
      for (const { subscriptionId, recipient, rows } of gone) {
        counts.add([subscriptionId, owners.get(recipient) ?? null], rows);
      }
      return counts.results();
    },
  };
}
