import { asJson, statement } from '../../../../platform/database/database.ts';
import type { Queryable } from '../../../../platform/database/database.ts';
import type { PersonalData } from '../../../identity/index.ts';
import { bare } from '../keywords/own-keywords.ts';

const read = statement(
  '',
  `select number, sender, source, created_at from sms_opt_outs
   where app_id = $1 and number = any($2) order by number, sender`,
);

const erase = statement(
  'sms-opt-outs.erase-people',
  `with asked as (select * from jsonb_to_recordset($1) as a (n int, app uuid, number text)),
   gone as (
     delete from sms_opt_outs o using asked a where o.app_id = a.app and o.number = a.number returning a.n)
   select n, count(*)::int as rows from gone group by n`,
);

/** That a person gets no texts from a number. It goes with its person: nothing that names them may stay. */
export function smsOptOutData(database: Queryable): PersonalData {
  return {
    name: 'sms_opt_outs',
    async *exportOf({ appId, addresses }) {
      yield* await database.rows<object>(read, [appId, addresses.map(bare)]);
    },
    async erase(people) {
      const asked = people.flatMap(({ appId, addresses }, n) =>
        [...new Set(addresses.map(bare))].map((number) => ({ n, app: appId, number })),
      );
      const gone = await database.rows<{ n: number; rows: number }>(erase, [asJson(asked)]);
      const rows = new Map(gone.map((one) => [one.n, one.rows]));
      return people.map((_, n) => ({ rows: rows.get(n) ?? 0, isUnfinished: false }));
    },
  };
}
