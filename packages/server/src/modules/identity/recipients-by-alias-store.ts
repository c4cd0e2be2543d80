import type { Channel } from '@carillon/wire';
import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { isUuid, laneOf } from '../../platform/ids.ts';
import type { Recipient } from './recipient.ts';

// Alias, subscriptions and user in one walk through indexes: what a single send has to wait for.
const byAlias = statement(
  'recipients.by-alias',
  `select a.n, s.lane, s.id as "subscriptionId", s.user_id as "userId", s.type, s.channel, s.token, s.reachable,
     case when s.channel = 'push' then s.device end as device,
     u.external_id as "externalId", u.language, u.timezone_id as "timezoneId", u.country, u.tags
   from jsonb_to_recordset($1::jsonb) a (n int, app_id uuid, channel text, label text, value text, lane int, user_id uuid)
   cross join lateral (
     select a.lane, a.user_id where a.user_id is not null
     union all
     select * from (
       select x.lane, x.user_id from aliases x
       where a.user_id is null and x.app_id = a.app_id and x.label = a.label and x.value = a.value limit 1) x
   ) p
   cross join lateral (
     select * from subscriptions s
     where s.lane = p.lane and s.user_id = p.user_id and s.app_id = a.app_id and s.channel = a.channel offset 0) s
   cross join lateral (select * from users u where u.lane = s.lane and u.id = s.user_id limit 1) u`,
);

/** One alias of one app: whose subscriptions on a channel are wanted. */
export interface AliasOfRecipient {
  readonly appId: string;
  readonly channel: Channel;
  /** `onesignal_id` counts as a label. */
  readonly label: string;
  readonly value: string;
}

/** The subscriptions of each alias's user on its channel, reachable or not. In one statement. */
export async function findRecipientsByAlias(
  database: Queryable,
  aliases: readonly AliasOfRecipient[],
): Promise<Recipient[][]> {
  const rows = aliases.flatMap(({ appId, channel, label, value }, n): object[] => {
    const place = { n, app_id: appId, channel };
    if (label !== 'onesignal_id') return [{ ...place, label, value }];
    return isUuid(value) ? [{ ...place, user_id: value, lane: laneOf(value) }] : [];
  });
  const found = aliases.map((): Recipient[] => []);
  for (const { n, ...recipient } of await database.rows<Recipient & { n: number }>(byAlias, [asJson(rows)])) {
    found[n]?.push(recipient);
  }
  return found;
}
