import type { OneSignalPlan, OneSignalTarget } from '../../config/target.ts';

/** Requests a second of an app, by endpoint class, and what one request may hold. */
export const PUBLISHED = {
  usersPerSecond: 1000,
  /** The rate of events is not published: where sending begins. */
  firstEventsPerSecond: 20,
  viewsPerSecond: 1,
  viewsAtOnce: 10,
  /** Between two writes of one user or subscription, in milliseconds. */
  userIntervalMs: 1000,
  propertiesPerRequest: 100,
  eventBytes: 2024,
  eventNameCharacters: 128,
  batchBytes: 1_000_000,
  /** Idempotency keys of messages are kept for 30 days: one less is surely in time. */
  messageKeyMs: 29 * 86_400_000,
  eventKeyMs: 4 * 3_600_000,
} as const;

const MESSAGES_PER_SECOND: Readonly<Record<OneSignalPlan, number>> = {
  free: 150,
  growth: 6000,
  professional: 6000,
  enterprise: 6000,
};

/** Tags of one user; null where the plan has no limit. */
export const TAGS: Readonly<Record<OneSignalPlan, number | null>> = {
  free: 2,
  growth: 10,
  professional: 100,
  enterprise: null,
};

/** Requests a second that this account may make; null where nobody says. */
export function ratesOf({ plan, rates }: OneSignalTarget) {
  return {
    users: rates.users ?? PUBLISHED.usersPerSecond,
    messages: rates.messages ?? MESSAGES_PER_SECOND[plan],
    events: rates.events ?? null,
  };
}
