import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { laneOf } from '../../../platform/ids.ts';
import type { EventSource } from '../event-store.ts';

export interface ListedEvent {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly externalId: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly source: EventSource;
  readonly at: Date;
  readonly receivedAt: Date;
}

/** A place in the order of arrival: time in milliseconds, and id. */
export interface EventPlace {
  readonly receivedAt: number;
  readonly id: string;
}

export interface EventQuery {
  readonly name: string | null;
  readonly userId: string | null;
  readonly source: string | null;
  /** Milliseconds since the epoch. */
  readonly from: number;
  /** Behind it, going back. */
  readonly before: EventPlace;
}

/**
 * Events that one page looks at. A filter that lets few through would otherwise read all there are; so a page can be
 * short, or empty, and yet have another one behind it.
 */
const LOOKED_AT = 20_000;

const WANTED = `received_at >= $2 and (received_at, id) < ($3, $4::uuid)`;

// What was looked at is small: only what is told is read whole.
const found = (
  looked: string,
) => `with looked as materialized (${looked} order by received_at desc, id desc limit ${LOOKED_AT}),
   found as materialized (
     select * from looked
     where ($5::text is null or name = $5) and ($6::text is null or source = $6) and ($7::uuid is null or user_id = $7)
     order by received_at desc, id desc limit $8)
   select (select jsonb_build_array(extract(epoch from received_at) * 1000, id) from looked
       offset ${LOOKED_AT} - 1 limit 1) as last,
     coalesce((
       select jsonb_agg(jsonb_build_object('id', e.id, 'name', e.name, 'userId', e.user_id, 'externalId', u.external_id,
         'properties', e.properties, 'source', e.source, 'at', extract(epoch from e.at) * 1000,
         'receivedAt', extract(epoch from e.received_at) * 1000) order by e.received_at desc, e.id desc)
       from found f
       join custom_events e on e.lane = f.lane and e.received_at = f.received_at and e.id = f.id
       left join users u on u.lane = f.lane and u.id = f.user_id and u.app_id = $1), '[]') as events`;

const COLUMNS = 'lane, received_at, id, name, source, user_id';

const ofApp = statement(
  'events.list',
  found(`select ${COLUMNS} from custom_events where app_id = $1 and ${WANTED}`),
);

const ofUser = statement(
  'events.list-of-user',
  found(`select ${COLUMNS} from custom_events where lane = $9 and app_id = $1 and ${WANTED}`),
);

type Told = Omit<ListedEvent, 'at' | 'receivedAt'> & { readonly at: number; readonly receivedAt: number };

/** At most `limit`, the newest first; `lookedTo` is how far was looked, null when there is nothing behind. */
export async function listEvents(
  database: Queryable,
  appId: string,
  { name, userId, source, from, before }: EventQuery,
  limit: number,
): Promise<{ readonly events: ListedEvent[]; readonly lookedTo: EventPlace | null }> {
  const values = [appId, new Date(from), new Date(before.receivedAt), before.id, name, source, userId, limit];
  type Row = { readonly last: readonly [number, string] | null; readonly events: readonly Told[] };
  const [row] =
    userId === null
      ? await database.rows<Row>(ofApp, values)
      : await database.rows<Row>(ofUser, [...values, laneOf(userId)]);
  const { last = null, events = [] } = row ?? {};
  return {
    events: events.map(({ at, receivedAt, ...event }) => ({
      ...event,
      at: new Date(at),
      receivedAt: new Date(receivedAt),
    })),
    lookedTo: last === null ? null : { receivedAt: last[0], id: last[1] },
  };
}
