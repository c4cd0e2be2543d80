import type { UserProperties } from '@carillon/wire';

/** A row of `users`, as JSON: times are ISO 8601. */
export interface UserRow {
  readonly lane: number;
  readonly id: string;
  readonly external_id: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly language: string | null;
  readonly timezone_id: string | null;
  readonly country: string | null;
  readonly properties: Readonly<Record<string, string | number>>;
  readonly session_count: number;
  readonly session_time: number;
  readonly amount_spent: number | null;
  readonly purchases: NonNullable<UserProperties['purchases']> | null;
  readonly first_active: string;
  readonly last_active: string;
}

/** The wire form. What is not known is left out: typed clients refuse null. */
export function presentProperties(row: UserRow): UserProperties {
  return {
    tags: row.tags,
    ...(row.language !== null && { language: row.language }),
    ...(row.timezone_id !== null && { timezone_id: row.timezone_id }),
    ...(row.country !== null && { country: row.country }),
    ...row.properties,
    ...(row.amount_spent !== null && { amount_spent: row.amount_spent }),
    ...(row.purchases !== null && { purchases: row.purchases }),
    ...(row.session_count > 0 && { session_count: row.session_count }),
    ...(row.session_time > 0 && { session_time: row.session_time }),
    first_active: unixSeconds(row.first_active),
    last_active: unixSeconds(row.last_active),
  };
}

/** All aliases with `onesignal_id`, which is not stored as one. */
export function presentIdentity(
  userId: string,
  aliases: Readonly<Record<string, string>> | null,
): Record<string, string> {
  return { onesignal_id: userId, ...aliases };
}

function unixSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}
