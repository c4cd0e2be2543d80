import type { Player } from '@carillon/wire';
import type { SubscriptionRow } from '../subscription-row.ts';
import { presentProperties } from '../user-row.ts';
import type { UserRow } from '../user-row.ts';
import { deviceTypeOf } from './device-type.ts';
import { offsetOf } from './timezone-offset.ts';

/** A subscription and the user who has it, as JSON: times are ISO 8601. */
export interface PlayerRow {
  readonly subscription: SubscriptionRow & {
    readonly reachable: boolean;
    readonly created_at: string;
    readonly last_active: string;
  };
  readonly person: UserRow;
}

/** The wire form. */
export function presentPlayer({ subscription, person }: PlayerRow, now: number): Player {
  const { device } = subscription;
  const { timezone_id: timezoneId, country, lat, long, tags } = presentProperties(person);
  return {
    id: subscription.id,
    identifier: subscription.token === '' ? null : subscription.token,
    session_count: subscription.session_count,
    language: person.language,
    timezone: timezoneId === undefined ? null : offsetOf(timezoneId, now),
    ...(timezoneId !== undefined && { timezone_id: timezoneId }),
    game_version: textOf(device['app_version']),
    device_os: textOf(device['device_os']),
    device_type: deviceTypeOf(subscription.type),
    device_model: textOf(device['device_model']),
    ad_id: null,
    tags,
    last_active: unixSeconds(subscription.last_active),
    playtime: subscription.session_time,
    amount_spent: person.amount_spent ?? 0,
    created_at: unixSeconds(subscription.created_at),
    invalid_identifier: !subscription.reachable,
    notification_types: subscription.notification_types,
    badge_count: 0,
    sdk: textOf(device['sdk']),
    test_type: typeof device['test_type'] === 'number' ? device['test_type'] : null,
    ip: null,
    external_user_id: person.external_id,
    ...(country !== undefined && { country }),
    ...(lat !== undefined && { lat }),
    ...(long !== undefined && { long }),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function unixSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}
