import type { FeedEvent } from '@carillon/wire';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Queryable } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { decodeFeedCursor, FEED_START, feedEnd, skipDropped } from '../../feed/index.ts';
import type { FeedCursor } from '../../feed/index.ts';
import { createEventFilter } from '../event-filter.ts';

const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const uuids = Type.Optional(
  Type.String({
    maxLength: 4_096,
    pattern: `^${UUID}(,${UUID})*$`,
    description: 'Several with commas between.',
  }),
);

/** Which events a reader of the feed wants: each filter that is there must let an event through. */
export const feedFilters = {
  kinds: Type.Optional(
    Type.String({
      maxLength: 4_096,
      pattern: '^([a-z_.]+\\*?|\\*)(,([a-z_.]+\\*?|\\*))*$',
      description:
        '`message.email.opened`, or `message.email.*` for all that begin so; several with commas between. `message.*` when absent.',
    }),
  ),
  message_ids: uuids,
  template_ids: uuids,
  onesignal_id: Type.Optional(Type.String({ format: 'uuid', description: 'Of this user only.' })),
  external_id: Type.Optional(
    Type.String({ minLength: 1, maxLength: 128, description: 'Of this user only.' }),
  ),
};

type FeedFilters = { readonly [Name in keyof typeof feedFilters]?: Static<(typeof feedFilters)[Name]> };

/** Whether an event passes all filters of a query. */
export function passesQuery(query: FeedFilters): (event: FeedEvent) => boolean {
  const { onesignal_id: user, external_id: name } = query;
  const lists = { kinds: query.kinds, message_ids: query.message_ids, template_ids: query.template_ids };
  const filters = Object.entries(lists).flatMap(([key, list]) =>
    list === undefined ? [] : [[key, list.split(',')] as const],
  );
  const passes = createEventFilter(Object.fromEntries(filters));
  return (event) =>
    passes(event) &&
    (user === undefined || event.onesignal_id === user) &&
    (name === undefined || event.external_id === name);
}

/**
 * Where to read from: `start` is the oldest event kept, `end` is what comes from now on, everything else is a cursor.
 * Throws ApiError `feed-cursor`, and `feed-cursor-behind` when events behind it are gone.
 */
export async function startOf(database: Queryable, appId: string, text: string): Promise<FeedCursor> {
  if (text === 'start') return FEED_START;
  if (text === 'end') return feedEnd(database);
  const cursor = decodeFeedCursor(text);
  if ((await skipDropped(database, appId, cursor)) !== null) throw new ApiError('feed-cursor-behind');
  return cursor;
}
