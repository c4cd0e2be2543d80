import type { DeliveryQuery, DeliveryState, UserDeliveryQuery } from '@carillon/wire';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import { parseMoment } from '../../../platform/http/parse-moment.ts';
import { isStorable } from '../../../platform/http/storable-text.ts';
import { parseAddress } from '../../identity/index.ts';
import type { UserAddress } from '../../identity/index.ts';

/** What is asked of each delivery that is looked at; null asks nothing. Times are in milliseconds. */
export interface DeliveryFilter {
  readonly states: readonly DeliveryState[] | null;
  /** In lower case. */
  readonly reason: string | null;
  readonly subscriptionId: string | null;
  readonly endedAfter: number | null;
  readonly endedBefore: number | null;
}

/** Throws ApiError `request-invalid` naming the parameter. */
export function parseDeliveryFilter(query: UserDeliveryQuery): DeliveryFilter {
  const { state, reason, subscription_id: id, ended_after: after, ended_before: before } = query;
  if (reason !== undefined && !isStorable(reason)) {
    throw invalidField('reason', 'must not contain NUL or half of a surrogate pair');
  }
  return {
    states: state ?? null,
    reason: reason?.toLowerCase() ?? null,
    subscriptionId: id?.toLowerCase() ?? null,
    endedAfter: after === undefined ? null : parseMoment('ended_after', after),
    endedBefore: before === undefined ? null : parseMoment('ended_before', before),
  };
}

/** Throws ApiError `request-invalid`, `request-1`. */
export function parseAliasFilter({ alias }: DeliveryQuery): UserAddress | null {
  if (alias === undefined) return null;
  const colon = alias.indexOf(':');
  if (colon < 1 || !isStorable(alias)) {
    throw invalidField(
      'alias',
      'must be a label and a value with a colon between them, such as external_id:42',
    );
  }
  return parseAddress(alias.slice(0, colon), alias.slice(colon + 1));
}

/** Nothing but the whole list is asked for: then a page is never short. */
export function asksForAll({ states, reason, endedAfter, endedBefore }: DeliveryFilter): boolean {
  return states === null && reason === null && endedAfter === null && endedBefore === null;
}
