import { asJson, statement } from '../../../../platform/database/database.ts';
import type { Queryable } from '../../../../platform/database/database.ts';

const add = statement(
  'sms-opt-outs.add',
  `insert into sms_opt_outs (app_id, number, sender, source, created_at)
   select $1, number, sender, $3, $4 from jsonb_to_recordset($2) as o (number text, sender text)
   order by number, sender
   on conflict do nothing`,
);

const remove = statement(
  'sms-opt-outs.remove',
  `delete from sms_opt_outs where app_id = $1 and number = $2 and ($3::text is null or sender = $3)`,
);

const any = statement(
  'sms-opt-outs.any',
  'select exists (select from sms_opt_outs where app_id = $1) as any',
);

const of = statement(
  'sms-opt-outs.of',
  'select number, sender from sms_opt_outs where app_id = $1 and number = any($2)',
);

const page = statement(
  'sms-opt-outs.page',
  `select number, sender, source, created_at as "createdAt" from sms_opt_outs
   where app_id = $1 and (number, sender) > ($2, $3) and ($4::text is null or number = $4)
   order by number, sender limit $5`,
);

/** That a person gets no texts from one of an app's numbers. Both as `bare` has them. */
export interface OptOut {
  readonly number: string;
  readonly sender: string;
}

export interface ListedOptOut extends OptOut {
  readonly source: 'keyword' | 'api';
  readonly createdAt: Date;
}

/** How many are new. */
export function addOptOuts(
  database: Queryable,
  appId: string,
  optOuts: readonly OptOut[],
  { source, now }: { readonly source: ListedOptOut['source']; readonly now: number },
): Promise<number> {
  return database.run(add, [appId, asJson(optOuts), source, new Date(now)]);
}

/** Of one sender, or of all where it is null. How many there were. */
export function removeOptOuts(
  database: Queryable,
  appId: string,
  number: string,
  sender: string | null,
): Promise<number> {
  return database.run(remove, [appId, number, sender]);
}

export async function hasOptOuts(database: Queryable, appId: string): Promise<boolean> {
  return (await database.rows<{ any: boolean }>(any, [appId]))[0]?.any === true;
}

export function findOptOuts(
  database: Queryable,
  appId: string,
  numbers: readonly string[],
): Promise<OptOut[]> {
  return database.rows(of, [appId, numbers]);
}

/** The next ones behind `after`, in the order of the numbers; of one number, or of all where it is null. */
export function optOutsAfter(
  database: Queryable,
  appId: string,
  after: OptOut,
  { number, limit }: { readonly number: string | null; readonly limit: number },
): Promise<ListedOptOut[]> {
  return database.rows(page, [appId, after.number, after.sender, number, limit]);
}
