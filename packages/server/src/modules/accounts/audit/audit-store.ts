import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/** A row of audit_log; the JSON columns are as the API shows them. */
export interface EntryRow {
  readonly position: number;
  readonly id: string;
  readonly organization_id: string;
  readonly app_id: string | null;
  readonly occurred_at: Date;
  readonly action: string;
  readonly actor: object;
  readonly targets: readonly object[];
  readonly context: object | null;
  readonly metadata: object;
}

// The UPDATE takes the organization's row for itself until the commit, so that positions become
// visible in the order in which they were given. Times do not go back with them by less than a minute
// of difference between clocks; one that is further ahead must not drag everybody along.
const append = statement(
  'audit-log.append',
  `with head as (
     update organizations set audit_position = audit_position + 1,
       audited_at = case when audited_at < $4::timestamptz + interval '1 minute'
         then greatest(audited_at, $4) else $4 end
     where id = coalesce($1::uuid, (select organization_id from apps where id = $2::uuid))
     returning id, audit_position, audited_at
   )
   insert into audit_log (organization_id, position, id, occurred_at, app_id, action, actor, targets, context, metadata)
   select id, audit_position, $3, audited_at, $2, $5,
     $6::jsonb || coalesce((
       select jsonb_build_object('name', k.name) from api_keys k where k.id = ($6::jsonb ->> 'id')::uuid), '{}'),
     $7, $8, $9
   from head`,
);

const page = statement(
  'audit-log.page',
  `select position, id, organization_id, app_id, occurred_at, action, actor, targets, context, metadata
   from audit_log
   where organization_id = $1 and position > $2
     and ($3::timestamptz is null or occurred_at >= $3) and ($4::timestamptz is null or occurred_at <= $4)
     and ($5::uuid[] is null or app_id is null or app_id = any($5))
     and ($6::text[] is null or action = any($6))
     and ($7::text[] is null or actor ->> 'id' = any($7))
     and ($8::text[] is null or lower(actor ->> 'email') = any($8))
     and (($9::text[] is null and $10::text[] is null) or exists (
       select from jsonb_array_elements(targets) as t
       where ($9::text[] is null or t ->> 'type' = any($9)) and ($10::text[] is null or t ->> 'id' = any($10))))
     and ($11::text[] is null or context ->> 'ip' = any($11))
   order by position limit $12`,
);

const forget = statement(
  'audit-log.forget',
  `delete from audit_log where (organization_id, position) in (
     select organization_id, position from audit_log where occurred_at < $1 limit $2)`,
);

export interface NewEntry {
  readonly id: string;
  /** Null: the organization of the app. */
  readonly organizationId: string | null;
  readonly appId: string | null;
  readonly action: string;
  /** Without the name of a key: that is looked up. */
  readonly actor: object;
  readonly targets: readonly object[];
  readonly context: object | null;
  readonly metadata: object;
}

/** Within the transaction of the change. Where there is no such organization there is no log to write. */
export async function appendEntry(transaction: Queryable, entry: NewEntry, now: number): Promise<void> {
  await transaction.run(append, [
    entry.organizationId,
    entry.appId,
    entry.id,
    new Date(now),
    entry.action,
    JSON.stringify(entry.actor),
    JSON.stringify(entry.targets),
    entry.context === null ? null : JSON.stringify(entry.context),
    JSON.stringify(entry.metadata),
  ]);
}

/** Which entries are wanted. Null and empty lists ask for all. */
export interface EntryFilter {
  /** Milliseconds, both included. */
  readonly from: number | null;
  readonly to: number | null;
  /** Entries of no app are always among them. */
  readonly appIds: readonly string[];
  readonly actions: readonly string[];
  readonly actorIds: readonly string[];
  readonly actorEmails: readonly string[];
  readonly targetTypes: readonly string[];
  readonly targetIds: readonly string[];
  readonly ipAddresses: readonly string[];
}

/** Entries behind a position, the oldest first. */
export async function readEntries(
  queryable: Queryable,
  organizationId: string,
  { after, limit, filter }: { after: number; limit: number; filter: EntryFilter },
): Promise<EntryRow[]> {
  return queryable.rows<EntryRow>(page, [
    organizationId,
    after,
    filter.from === null ? null : new Date(filter.from),
    filter.to === null ? null : new Date(filter.to),
    orNull(filter.appIds),
    orNull(filter.actions),
    orNull(filter.actorIds),
    orNull(filter.actorEmails),
    orNull(filter.targetTypes),
    orNull(filter.targetIds),
    orNull(filter.ipAddresses),
    limit,
  ]);
}

/** Deletes up to `limit` entries older than `before`, and returns how many. */
export async function forgetEntries(queryable: Queryable, before: number, limit: number): Promise<number> {
  return queryable.run(forget, [new Date(before), limit]);
}

function orNull(values: readonly string[]): readonly string[] | null {
  return values.length === 0 ? null : values;
}
