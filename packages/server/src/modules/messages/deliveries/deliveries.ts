import type { DeliveryPage, DeliveryQuery, UserDeliveryQuery } from '@carillon/wire';
import type { Database } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { decodeCursor, encodeCursor } from '../../../platform/http/page-cursor.ts';
import { LANES, isUuid } from '../../../platform/ids.ts';
import { lanesOfPeople } from '../../identity/index.ts';
import type { Identity, UserAddress } from '../../identity/index.ts';
import { chooseLanes } from './choose-lanes.ts';
import { findDeliveriesOfMessage } from './deliveries-of-message-store.ts';
import type { LanePart, PlaceInMessage } from './deliveries-of-message-store.ts';
import { findDeliveriesOfUser, findMessagesOfDeliveries } from './deliveries-of-user-store.ts';
import type { PlaceOfUser } from './deliveries-of-user-store.ts';
import { HIGHEST_ID, LOWEST_ID } from './delivery-columns-store.ts';
import { asksForAll, parseAliasFilter, parseDeliveryFilter } from './delivery-filter.ts';
import type { DeliveryRow, FoundDeliveries } from './delivery-row.ts';
import { findLanesOfMessage } from './message-lanes-store.ts';
import { presentDelivery } from './present-delivery.ts';

export interface DeliveriesOptions {
  readonly database: Database;
  readonly identity: Pick<Identity, 'person'>;
}

const DELIVERIES_A_PAGE = 50;
/** Deliveries that a page looks at when not each of them is wanted. */
const MOST_LOOKED_AT = 10_000;

/** What became of messages for each of those they were for: why somebody got one, or did not. */
export class Deliveries {
  readonly #database: Database;
  readonly #identity: DeliveriesOptions['identity'];

  constructor({ database, identity }: DeliveriesOptions) {
    this.#database = database;
    this.#identity = identity;
  }

  /**
   * One page of a message's deliveries, in the order of lanes: a walk that costs the same on every page,
   * however many there are. Throws ApiError `message-not-found`, `user-not-found`, `request-invalid`,
   * `cursor-invalid`.
   */
  async ofMessage(appId: string, id: string, query: DeliveryQuery): Promise<DeliveryPage> {
    const { limit = DELIVERIES_A_PAGE, cursor, ...asked } = query;
    const filter = parseDeliveryFilter(asked);
    const address = parseAliasFilter(asked);
    const messageId = id.toLowerCase();
    const list = ['deliveries', appId, messageId, filter, address];
    const from: PlaceInMessage | null =
      cursor === undefined ? null : decodeCursor(list, cursor, ['integer', 'uuid']);
    if (from !== null && (from[0] < 0 || from[0] >= LANES)) throw new ApiError('cursor-invalid');
    const messages = isUuid(messageId) ? await this.#messages(appId, [messageId]) : new Map();
    if (!messages.has(messageId)) throw new ApiError('message-not-found');

    const whose =
      address === null ? null : lanesOfPeople([(await this.#identity.person(appId, address)).person]);
    const look = whose === null && asksForAll(filter) ? limit + 1 : Math.max(limit + 1, MOST_LOOKED_AT);
    const all = await findLanesOfMessage(this.#database, appId, messageId, from?.[0] ?? 0);
    const lanes = whose === null ? all : all.filter(({ lane }) => whose.some((place) => place.lane === lane));
    const one = filter.subscriptionId;
    // One subscription is looked up in every lane at once: it may have been in several.
    const chosen =
      one === null
        ? chooseLanes(lanes, { begun: from?.[0] ?? null, states: filter.states, look })
        : { lanes: lanes.map(({ lane }) => lane), more: false };
    const parts = chosen.lanes.map((lane) => partOf(lane, one, from));
    const found = await findDeliveriesOfMessage(this.#database, appId, messageId, parts, {
      filter,
      whose,
      look,
      limit: limit + 1,
    });
    const end = chosen.lanes.at(-1);
    const behind: PlaceInMessage | null = chosen.more && end !== undefined ? [end, HIGHEST_ID] : null;
    const { rows, next } = cut(found, limit, behind, (row) => [row.lane, row.subscriptionId] as const);
    return pageOf(rows, messages, next === null ? null : encodeCursor(list, next));
  }

  /**
   * One page of what was, or is, to reach a user: the newest message first. Throws ApiError `user-not-found`,
   * `request-invalid`, `cursor-invalid`.
   */
  async ofUser(appId: string, address: UserAddress, query: UserDeliveryQuery): Promise<DeliveryPage> {
    const { limit = DELIVERIES_A_PAGE, cursor, ...asked } = query;
    const filter = parseDeliveryFilter(asked);
    const { user, person } = await this.#identity.person(appId, address);
    const list = ['deliveries of', appId, user.identity['onesignal_id'], filter];
    const behind: PlaceOfUser =
      cursor === undefined ? [HIGHEST_ID, HIGHEST_ID] : decodeCursor(list, cursor, ['uuid', 'uuid']);
    const found = await findDeliveriesOfUser(this.#database, appId, lanesOfPeople([person]), {
      filter,
      behind,
      look: Math.max(limit + 1, MOST_LOOKED_AT),
      limit: limit + 1,
    });
    const { rows, next } = cut(found, limit, null, (row) => [row.messageId, row.subscriptionId] as const);
    const messages = await this.#messages(appId, [...new Set(rows.map(({ messageId }) => messageId))]);
    return pageOf(rows, messages, next === null ? null : encodeCursor(list, next));
  }

  #messages(appId: string, ids: readonly string[]) {
    return findMessagesOfDeliveries(this.#database, appId, ids);
  }
}

function partOf(lane: number, one: string | null, from: PlaceInMessage | null): LanePart {
  if (one !== null) return { lane, low: one, high: one, done: null };
  const begun = from !== null && from[0] === lane ? from[1] : null;
  return { lane, low: begun ?? LOWEST_ID, high: HIGHEST_ID, done: begun };
}

/** At most `limit` rows, and where the next page goes on: `behind` when nothing else stopped this one. */
function cut<Place>(
  { rows, last }: FoundDeliveries<Place>,
  limit: number,
  behind: Place | null,
  placeOf: (row: DeliveryRow) => Place,
): { readonly rows: readonly DeliveryRow[]; readonly next: Place | null } {
  const shown = rows.slice(0, limit);
  const end = shown.at(-1);
  if (rows.length > limit && end !== undefined) return { rows: shown, next: placeOf(end) };
  return { rows: shown, next: last ?? behind };
}

function pageOf(
  rows: readonly DeliveryRow[],
  messages: Awaited<ReturnType<typeof findMessagesOfDeliveries>>,
  next: string | null,
): DeliveryPage {
  return {
    deliveries: rows.flatMap((row) => {
      const message = messages.get(row.messageId);
      return message === undefined ? [] : [presentDelivery(row, message)];
    }),
    has_more: next !== null,
    ...(next !== null && { next_cursor: next }),
  };
}
