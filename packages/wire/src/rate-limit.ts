import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';

/** What is limited, each on its own. A class holds the calls of one kind; `anonymous` those without a key. */
export const RATE_CLASSES = [
  /** Create and cancel messages. */
  'messages',
  /** Write users, aliases and subscriptions. */
  'users',
  /** Read anything. */
  'views',
  /** Take custom events in. */
  'events',
  /** Write many users in one request. */
  'bulk',
  /** Ask for an export. */
  'exports',
  /** Write anything else: apps, keys, templates, journeys, providers. */
  'management',
  /** Call without a key, as devices do. Counted for each client address. */
  'anonymous',
] as const;
export type RateClass = (typeof RATE_CLASSES)[number];

const LONGEST_WINDOW_S = 3_600;
/** Far above what one database serves. */
const HIGHEST_LIMIT = 1_000_000;

const limit = Type.Union([Type.Integer({ minimum: 0, maximum: HIGHEST_LIMIT }), Type.Null()], {
  description: 'Requests in a window. 0 refuses every request, null is no limit.',
});
const windowSeconds = Type.Integer({ minimum: 1, maximum: LONGEST_WINDOW_S });

export interface RateLimit {
  /** Requests in a window: 0 refuses every request, null is no limit. */
  readonly limit: number | null;
  /** How long a window lasts. Windows begin at multiples of it since 1970, on the database's clock. */
  readonly window_seconds: number;
}

const rateLimit = Type.Object({
  limit,
  window_seconds: windowSeconds,
  source: Type.Enum(['app', 'server'], { description: 'app: set for this app. server: its default.' }),
});

const rateLimitChange = Type.Object(
  { limit, window_seconds: Type.Optional(windowSeconds) },
  { additionalProperties: false },
);

/** Answer of GET and PATCH /apps/{app_id}/rate_limits: every class. */
export const rateLimits = Type.Object(ofEveryClass(rateLimit));
export type RateLimitsAnswer = Static<typeof rateLimits>;

/** PATCH /apps/{app_id}/rate_limits: only what is named changes; null gives a class back to the server's default. */
export const rateLimitsBody = Type.Object(
  ofEveryClass(Type.Optional(Type.Union([rateLimitChange, Type.Null()]))),
  { additionalProperties: false },
);
export type RateLimitsBody = Static<typeof rateLimitsBody>;

function ofEveryClass<Schema extends TSchema>(schema: Schema): Record<RateClass, Schema> {
  return Object.fromEntries(RATE_CLASSES.map((one) => [one, schema])) as Record<RateClass, Schema>;
}
