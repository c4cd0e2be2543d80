import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { laneOf } from '../../../platform/ids.ts';

/** Of a body only what event streams tell: an email's never. */
const messages = statement(
  'streams.message-facts',
  `select m.id, m.channel, m.name, m.template_id as "templateId", c.content -> 'subject' as subject,
     coalesce(c.content -> 'fields' -> 'headings', 'null') as headings,
     coalesce(c.content -> 'fields' -> 'contents', case when m.channel = 'sms' then c.content -> 'contents' end) as contents,
     c.content -> 'fields' ->> 'url' as url, c.content -> 'fields' ->> 'app_url' as "appUrl",
     c.content -> 'fields' ->> 'web_url' as "webUrl"
   from messages m left join contents c on c.app_id = m.app_id and c.id = m.content_id
   where m.app_id = $1 and m.id = any($2)`,
);

const people = statement(
  'streams.people-facts',
  `select p.n as "place", u.tags, u.language, s.type, s.token, s.session_count as "sessionCount",
     s.last_active as "lastActive", s.session_time as "playTime", s.created_at as "createdAt", s.reachable as subscribed,
     s.device
   from jsonb_to_recordset($2) as p (n int, lane int, id uuid, user_id uuid, user_lane int)
   left join subscriptions s on s.lane = p.lane and s.id = p.id and s.app_id = $1
   left join users u on u.lane = p.user_lane and u.id = p.user_id and u.app_id = $1`,
);

export interface MessageFacts {
  readonly id: string;
  readonly channel: string;
  readonly name: string | null;
  readonly templateId: string | null;
  readonly subject: string | null;
  readonly headings: Readonly<Record<string, string>> | null;
  readonly contents: Readonly<Record<string, string>> | null;
  readonly url: string | null;
  readonly appUrl: string | null;
  readonly webUrl: string | null;
}

/** Everything is null of somebody who is gone. */
export interface PersonFacts {
  readonly tags: Readonly<Record<string, string>> | null;
  readonly language: string | null;
  readonly type: string | null;
  readonly token: string | null;
  readonly sessionCount: number | null;
  readonly lastActive: Date | null;
  readonly playTime: number | null;
  readonly createdAt: Date | null;
  readonly subscribed: boolean | null;
  readonly device: Readonly<Record<string, unknown>> | null;
}

export async function findMessageFacts(
  database: Queryable,
  appId: string,
  ids: readonly string[],
): Promise<Map<string, MessageFacts>> {
  const rows = await database.rows<MessageFacts>(messages, [appId, ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Where somebody is looked for. */
export interface PersonPlace {
  readonly lane: number;
  readonly subscriptionId: string | null;
  readonly userId: string | null;
}

/** In the order of the places. */
export async function findPersonFacts(
  database: Queryable,
  appId: string,
  places: readonly PersonPlace[],
): Promise<PersonFacts[]> {
  const asked = places.map(({ lane, subscriptionId, userId }, n) => ({
    n,
    lane,
    id: subscriptionId,
    user_id: userId,
    user_lane: userId === null ? null : laneOf(userId),
  }));
  const rows = await database.rows<PersonFacts & { place: number }>(people, [appId, asJson(asked)]);
  const found: PersonFacts[] = [];
  for (const { place, ...facts } of rows) found[place] = facts;
  return found;
}
