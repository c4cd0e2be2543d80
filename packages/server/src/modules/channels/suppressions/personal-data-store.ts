import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { PersonalData } from '../../identity/index.ts';
import { suppressedForm } from './suppression.ts';

const read = statement(
  '',
  `select address, reason, source, detail, created_at from suppressions
   where app_id = $1 and address = any($2) order by address`,
);

const erase = statement(
  'suppressions.erase-people',
  `with asked as (select * from jsonb_to_recordset($1) as a (n int, app uuid, address text)),
   gone as (
     delete from suppressions s using asked a where s.app_id = a.app and s.address = a.address returning a.n)
   select n, count(*)::int as rows from gone group by n`,
);

/** That an address gets no email. It goes with its person: nothing that names it may stay. */
export function suppressionData(database: Queryable): PersonalData {
  return {
    name: 'suppressions',
    async *exportOf({ appId, addresses }) {
      yield* await database.rows<object>(read, [appId, addresses.map(suppressedForm)]);
    },
    async erase(people) {
      const asked = people.flatMap(({ appId, addresses }, n) =>
        [...new Set(addresses.map(suppressedForm))].map((address) => ({ n, app: appId, address })),
      );
      const gone = await database.rows<{ n: number; rows: number }>(erase, [asJson(asked)]);
      const rows = new Map(gone.map((one) => [one.n, one.rows]));
      return people.map((_, n) => ({ rows: rows.get(n) ?? 0, isUnfinished: false }));
    },
  };
}
