import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

const actions = statement(
  'delivery-events.of-messages',
  `select distinct e.message_id as "messageId", e.kind
   from jsonb_to_recordset($1::jsonb) m (lane int, id uuid)
   cross join lateral (
     select message_id, kind from delivery_events d where d.lane = m.lane and d.message_id = m.id offset 0) e`,
);

/** What has happened to the deliveries of messages in one lane each, by message id: the kinds of events. */
export async function findMessageActions(
  database: Queryable,
  messages: readonly { readonly lane: number; readonly id: string }[],
): Promise<Map<string, ReadonlySet<string>>> {
  const found = new Map<string, Set<string>>();
  for (const { messageId, kind } of await database.rows<{ messageId: string; kind: string }>(actions, [
    asJson(messages),
  ])) {
    const kinds = found.get(messageId);
    if (kinds === undefined) found.set(messageId, new Set([kind]));
    else kinds.add(kind);
  }
  return found;
}

const times = statement(
  'delivery-events.times-of-messages',
  `select e.message_id as "messageId", e.kind, (extract(epoch from min(e.at)) * 1000)::float8 as at
   from jsonb_to_recordset($1::jsonb) m (lane int, id uuid)
   cross join lateral (
     select message_id, kind, at from delivery_events d where d.lane = m.lane and d.message_id = m.id offset 0) e
   group by e.message_id, e.kind`,
);

/** When each kind of event happened first to the deliveries of messages in one lane each, in milliseconds. */
export function findMessageTimes(
  database: Queryable,
  messages: readonly { readonly lane: number; readonly id: string }[],
): Promise<{ readonly messageId: string; readonly kind: string; readonly at: number }[]> {
  return database.rows(times, [asJson(messages)]);
}
