import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { AudienceGuardRule, SendingPolicyAnswer, Utm } from '@carillon/wire';
import type { IdentityVerification } from './app-policy.ts';

/** Null stands for the default. */
export interface PolicyRow {
  readonly tag_limit: number | null;
  readonly blocked_external_ids: string[] | null;
  readonly identity_verification: IdentityVerification;
  readonly utm: Utm | null;
  readonly audience_guard: AudienceGuardRule | null;
  /** What is set of it; null for nothing. */
  readonly sending: Partial<SendingPolicyAnswer> | null;
  readonly unknown_event_users: 'refuse' | 'create';
}

const COLUMNS =
  'tag_limit, blocked_external_ids, identity_verification, utm, audience_guard, sending, unknown_event_users';

const byApp = statement('app-policies.by-app', `select ${COLUMNS} from app_policies where app_id = $1`);

const save = statement(
  'app-policies.save',
  `insert into app_policies (app_id, ${COLUMNS}, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   on conflict (app_id) do update
   set tag_limit = excluded.tag_limit, blocked_external_ids = excluded.blocked_external_ids,
     identity_verification = excluded.identity_verification, utm = excluded.utm,
     audience_guard = excluded.audience_guard, sending = excluded.sending,
     unknown_event_users = excluded.unknown_event_users, updated_at = excluded.updated_at`,
);

const lock = statement('app-policies.lock-app', `select 1 as one from apps where id = $1 for no key update`);

/** Null when the app has set nothing. */
export async function findPolicy(queryable: Queryable, appId: string): Promise<PolicyRow | null> {
  return (await queryable.rows<PolicyRow>(byApp, [appId]))[0] ?? null;
}

/** The app must exist. */
export async function savePolicy(
  queryable: Queryable,
  appId: string,
  { row, now }: { row: PolicyRow; now: number },
): Promise<void> {
  const { tag_limit, blocked_external_ids, identity_verification, utm, audience_guard, sending } = row;
  const values = [
    appId,
    tag_limit,
    blocked_external_ids,
    identity_verification,
    utm,
    audience_guard,
    sending,
    row.unknown_event_users,
    new Date(now),
  ];
  await queryable.run(save, values);
}

/**
 * Within a transaction: holds back others who change this app's policy or its identity keys. False when
 * there is no such app.
 */
export async function lockPolicy(transaction: Queryable, appId: string): Promise<boolean> {
  return (await transaction.rows(lock, [appId])).length > 0;
}
