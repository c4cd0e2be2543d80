import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { newTimedId } from '../../platform/ids.ts';
import { ALIAS_LIMIT } from './alias.ts';
import { historyOfWrite } from './history.ts';
import { consentOf } from './consent.ts';
import type { SubscriptionRow } from './subscription-row.ts';
import type { UserRow } from './user-row.ts';
import { SUBSCRIPTION_LIMIT } from './user-write.ts';
import type { UserWrite } from './user-write.ts';

const writeUsers = statement(
  'users.write',
  `select n, outcome, detail, person, identity, subscriptions
   from write_users($1::jsonb, $2::jsonb, $3::jsonb, $4::timestamptz, $5, $6)
   order by n`,
);

/** What became of one write. Only the first two have written anything. */
export type UserWriteResult =
  | {
      readonly outcome: 'created' | 'updated';
      readonly person: UserRow;
      /** Label to value, without onesignal_id; null when there is none. */
      readonly identity: Readonly<Record<string, string>> | null;
      readonly subscriptions: readonly WrittenSubscription[] | null;
    }
  | { readonly outcome: 'conflict'; readonly detail: Readonly<Record<string, string>> }
  | { readonly outcome: 'no-subscription'; readonly detail: readonly string[] }
  | { readonly outcome: 'no-user' | 'too-many-aliases' | 'too-many-tags' }
  /** Another write of the batch was about the same user or subscription: submit it again. */
  | { readonly outcome: 'again' };

export interface WrittenSubscription extends SubscriptionRow {
  /** Its place in the request. */
  readonly position: number;
  /** Where it was before: nowhere, with this user, or with another one. */
  readonly place: 'new' | 'here' | 'elsewhere';
}

/** As the function returns it: each subscription as a row apart from what is said about it. */
interface WriteRow extends Omit<UserWriteResult, 'subscriptions'> {
  readonly subscriptions:
    | readonly {
        readonly row: SubscriptionRow;
        readonly place: WrittenSubscription['place'];
        readonly position: number;
      }[]
    | null;
}

/** Writes a batch in one call; results in the order of the writes. `at` is the time of all of them. */
export async function storeUserWrites(
  database: Queryable,
  writes: readonly UserWrite[],
  at: number,
): Promise<UserWriteResult[]> {
  const candidates = writes.map((write) => ({ write, candidate: newTimedId(at) }));
  const rows = await database.rows<WriteRow>(writeUsers, [
    asJson(candidates.map(({ write, candidate }, n) => requestOf(write, { n, candidate, at }))),
    asJson(candidates.flatMap(({ write, candidate }, n) => aliasesOf(write, candidate, n))),
    asJson(writes.flatMap((write, n) => devicesOf(write, n, at))),
    new Date(at),
    ALIAS_LIMIT,
    SUBSCRIPTION_LIMIT,
  ]);
  return rows.map((row) =>
    row.subscriptions === null
      ? (row as UserWriteResult)
      : ({
          ...row,
          subscriptions: row.subscriptions.map(({ row: subscription, place, position }) => ({
            ...subscription,
            place,
            position,
          })),
        } as UserWriteResult),
  );
}

function requestOf(
  write: UserWrite,
  { n, candidate, at }: { readonly n: number; readonly candidate: string; readonly at: number },
) {
  const { appId, address, properties, deltas } = write;
  const history = historyOfWrite(write);
  return {
    n,
    app_id: appId,
    candidate,
    must_exist: address !== null,
    by_id: address?.by === 'id' ? address.id : null,
    by_label: address?.by === 'alias' ? address.label : null,
    by_value: address?.by === 'alias' ? address.value : null,
    replace_external_id: write.replaceExternalId,
    touch: write.touch,
    external_id: write.aliases.find(({ label }) => label === 'external_id')?.value ?? null,
    tags: properties.tags,
    gone_tags: properties.goneTags,
    language: properties.language,
    timezone_id: properties.timezoneId,
    country: properties.country,
    properties: properties.other,
    gone_properties: properties.goneOther,
    tag_limit: write.tagLimit,
    source: write.source.way,
    ...(history !== null && { history: { id: newTimedId(at), ...history } }),
    ...(deltas !== null && {
      session_count: deltas.sessionCount,
      session_time: deltas.sessionTime,
      amount_spent: deltas.amountSpent,
      purchases: deltas.purchases.length > 0 ? deltas.purchases : null,
      ...(deltas.subscriptionId !== null && { session_subscription: deltas.subscriptionId }),
    }),
  };
}

function aliasesOf({ appId, aliases }: UserWrite, candidate: string, n: number) {
  return aliases.map(({ label, value }) => ({ n, app_id: appId, label, value, candidate }));
}

function devicesOf({ appId, subscriptions }: UserWrite, n: number, at: number) {
  return subscriptions.map(({ givenId, address, ...changes }, position) => ({
    n,
    position,
    app_id: appId,
    given_id: givenId,
    // The database puts it into the lane of whoever turns out to be the user.
    new_id: newTimedId(at),
    type: address?.type ?? null,
    channel: address?.channel ?? null,
    token: address?.token ?? null,
    enabled: changes.enabled,
    notification_types: changes.notificationTypes,
    device: changes.device,
    session_count: changes.sessionCount,
    session_time: changes.sessionTime,
    ...(changes.consent !== null && consentOf(changes.consent)),
  }));
}
