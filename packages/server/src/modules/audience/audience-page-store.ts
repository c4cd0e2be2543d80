import { asJson, statement } from '../../platform/database/database.ts';
import type { AudiencePage, Recipient } from '../identity/index.ts';
import { audienceCondition, reachCondition } from './condition-store.ts';
import type { Audience } from './condition.ts';
import type { MessageEventRows } from './sources.ts';
import { Parameters } from './sql-parts-store.ts';
import { walkIndex } from './walk-index-store.ts';
import type { Walkable } from './walk-index-store.ts';

/**
 * The subscriptions of pages, at most `$2` of each, of whom at most `$3` are in the audience. The last one looked
 * at comes along when it is not in it, so that the next page begins behind it. From one index into the next, in
 * the order of the subscriptions, and no further than the page is full.
 *
 * Without a name: its text is that of the audience, and a connection would keep the plan of each.
 */
function pageStatement(reach: string, condition: string) {
  return statement(
    '',
    `select p.n, found.*
     from jsonb_to_recordset($1::jsonb) p (n int, lane int, app_id uuid, channel text, after uuid)
     cross join lateral (
       select looked.lane, looked."subscriptionId", looked."userId", looked.type, looked.channel, looked.token,
         looked.reachable, looked.device, looked."externalId", looked.language, looked."timezoneId", looked.country, looked.tags,
         case when looked.place = $2 then looked.matches end as "isEdgeIn"
       from (
         select s.lane, s.id as "subscriptionId", s.user_id as "userId", s.type, s.channel, s.token, s.reachable,
           case when s.channel = 'push' then s.device end as device,
           u.external_id as "externalId", u.language, u.timezone_id as "timezoneId", u.country, u.tags, s.place,
           u.id is not null and ${condition} as matches
         from (
           select s.*, row_number() over (order by s.id) as place from subscriptions s
           where s.lane = p.lane and s.app_id = p.app_id and s.channel = p.channel and ${reach}
             and s.id > coalesce(p.after, '00000000-0000-0000-0000-000000000000')
           order by s.id limit $2) s
         left join lateral (
           select * from users u where u.lane = s.lane and u.id = s.user_id and u.app_id = s.app_id limit 1) u on true
         order by s.id
       ) looked
       where looked.matches or looked.place = $2
       order by looked."subscriptionId" limit $3) found
     order by p.n, found."subscriptionId"`,
  );
}

export interface PageLimits {
  /** Recipients of a page, at most. */
  readonly recipients: number;
  /** Subscriptions that are looked at for it, at most: it takes no longer, however few are in the audience. */
  readonly lookedAt: number;
}

/** Part of an audience's lane. */
export interface AudiencePart {
  readonly recipients: readonly Recipient[];
  /** The last subscription that was looked at, or the one that the page began behind. */
  readonly cursor: string | null;
  /** Nobody of the lane comes after it. */
  readonly last: boolean;
}

/**
 * Who is in an audience, of each page, in the order of their subscription ids. All pages are of one app. Saved
 * segments are looked up before. `now` in milliseconds.
 */
export async function readAudience(
  database: Walkable,
  audience: Audience,
  pages: readonly AudiencePage[],
  { recipients: most, lookedAt }: PageLimits,
  { now, messageEvents }: { readonly now: number; readonly messageEvents: MessageEventRows },
): Promise<AudiencePart[]> {
  const asked = pages.map(({ lane, appId, channel, after }, n) => ({
    n,
    lane,
    app_id: appId,
    channel,
    after,
  }));
  const parameters = new Parameters([asJson(asked), lookedAt, most]);
  const scope = {
    appId: pages[0]?.appId ?? '',
    lanes: pages.map(({ lane }) => lane),
    users: null,
    now,
    messageEvents,
  };
  const page = pageStatement(reachCondition(audience), audienceCondition(audience, parameters, scope));
  const rows = await walkIndex(database, (walk) => walk.rows<FoundRow>(page, parameters.values));
  const parts = pages.map(({ after }): PartBeingRead => ({ recipients: [], cursor: after, atEdge: false }));
  for (const { n, isEdgeIn, ...recipient } of rows) {
    const part = parts[n];
    if (part === undefined) continue;
    if (isEdgeIn !== false) part.recipients.push(recipient);
    part.cursor = recipient.subscriptionId;
    part.atEdge = isEdgeIn !== null;
  }
  return parts.map(({ recipients, cursor, atEdge }) => ({
    recipients,
    cursor,
    last: recipients.length < most && !atEdge,
  }));
}

interface FoundRow extends Recipient {
  readonly n: number;
  /** Whether the last subscription that may be looked at is in the audience; null of all others, which are. */
  readonly isEdgeIn: boolean | null;
}

interface PartBeingRead {
  readonly recipients: Recipient[];
  cursor: string | null;
  atEdge: boolean;
}
