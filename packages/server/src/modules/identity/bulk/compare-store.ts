import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { consentOf } from '../consent.ts';
import type { SubscriptionWrite } from '../subscription-changes.ts';
import { askedOf, isEmpty } from './asked-properties.ts';
import type { UserWrite } from '../user-write.ts';

const compareUsers = statement(
  'users.compare',
  'select n, verdict, user_id, touched from compare_users($1, $2::jsonb, $3::jsonb, $4::jsonb)',
);

/** What a write would meet. `touched` are the users whose aliases or subscriptions it names. */
export type Comparison =
  /** Nobody that it names is known. */
  | { readonly verdict: 'new'; readonly touched: readonly string[] }
  /** It would change nothing of this user, or nothing but properties. */
  | { readonly verdict: 'same' | 'change'; readonly userId: string; readonly touched: readonly string[] }
  /** Anything else. */
  | { readonly verdict: 'known'; readonly touched: readonly string[] };

interface Row {
  readonly n: number;
  readonly verdict: 'same' | 'change' | 'known';
  readonly user_id: string | null;
  readonly touched: readonly string[] | null;
}

const NEW: Comparison = { verdict: 'new', touched: [] };

/** Compares writes of one app with what is there now; in their order. Locks nothing. */
export async function compareWrites(
  database: Queryable,
  writes: readonly UserWrite[],
): Promise<Comparison[]> {
  const found = writes.map(() => NEW);
  const rows = await database.rows<Row>(compareUsers, [
    writes[0]?.appId,
    asJson(writes.map(requestOf)),
    asJson(writes.flatMap(({ aliases }, n) => aliases.map(({ label, value }) => ({ n, label, value })))),
    asJson(writes.flatMap(({ subscriptions }, n) => subscriptions.map((one) => deviceOf(one, n)))),
  ]);
  for (const { n, verdict, user_id: userId, touched } of rows) {
    found[n] =
      userId === null || verdict === 'known'
        ? { verdict: 'known', touched: touched ?? [] }
        : { verdict, userId, touched: [userId] };
  }
  return found;
}

function requestOf({ address, touch, properties }: UserWrite, n: number) {
  return {
    n,
    by_id: address?.by === 'id' ? address.id : undefined,
    touch: touch || undefined,
    ...askedOf(properties),
  };
}

function deviceOf({ givenId, address, consent, device, ...changes }: SubscriptionWrite, n: number) {
  return {
    n,
    given_id: givenId ?? undefined,
    type: address?.type,
    token: address?.token,
    enabled: changes.enabled ?? undefined,
    notification_types: changes.notificationTypes ?? undefined,
    device: isEmpty(device) ? undefined : device,
    session_count: changes.sessionCount ?? undefined,
    session_time: changes.sessionTime ?? undefined,
    ...(consent !== null && consentOf(consent)),
  };
}
