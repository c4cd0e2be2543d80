import type { PlayerBody, SubscriptionInput, UserPropertiesInput } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { zoneAt } from './timezone-offset.ts';

/** Tags that one request of the old API may change. */
const MOST_TAGS = 100;

/** What a body about a player says, in the words of users and subscriptions. */
export interface PlayerRequest {
  readonly deviceType: number | null;
  /** Null where the body does not say it. */
  readonly identifier: string | null;
  /** Null where the body does not say it, `""` for nobody. */
  readonly externalId: string | null;
  readonly properties: UserPropertiesInput;
  /** What the device says of itself, without id, type and token. */
  readonly device: SubscriptionInput;
}

type Whole = PlayerBody['device_type'];

/**
 * `timezoneId` is the user's present one, if any. Throws ApiError `player-tags-per-request`; what is
 * said in the words of users and subscriptions is checked by them.
 */
export function parsePlayer(body: PlayerBody, timezoneId: string | null, now: number): PlayerRequest {
  return {
    deviceType: whole(body.device_type),
    identifier: body.identifier ?? null,
    externalId: body.external_user_id ?? null,
    properties: {
      tags: parsePlayerTags(body.tags),
      language: body.language ?? null,
      timezone_id: body.timezone_id ?? zoneOf(whole(body.timezone), timezoneId, now),
      country: body.country ?? null,
      lat: numberOf(body.lat),
      long: numberOf(body.long),
    },
    device: {
      notification_types: whole(body.notification_types),
      session_count: whole(body.session_count),
      session_time: whole(body.playtime),
      sdk: body.sdk ?? null,
      device_model: body.device_model ?? null,
      device_os: body.device_os ?? null,
      app_version: body.game_version ?? null,
      test_type: whole(body.test_type),
      net_type: whole(body.net_type),
      carrier: body.carrier ?? null,
      rooted: body.rooted ?? null,
      web_auth: body.web_auth ?? null,
      web_p256: body.web_p256 ?? null,
    },
  };
}

/** Throws ApiError `player-tags-per-request`. */
export function parsePlayerTags(tags: PlayerBody['tags']): NonNullable<UserPropertiesInput['tags']> {
  if (tags === undefined || tags === null || Array.isArray(tags)) return {};
  if (Object.keys(tags).length > MOST_TAGS) {
    throw new ApiError('player-tags-per-request', { params: { limit: MOST_TAGS } });
  }
  return tags;
}

function zoneOf(seconds: number | null, present: string | null, now: number): string | null {
  return seconds === null ? null : zoneAt(seconds, present, now);
}

/** The schema has seen to it that text is a number. */
export function whole(value: Whole): number | null {
  return numberOf(value);
}

function numberOf(value: number | string | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
