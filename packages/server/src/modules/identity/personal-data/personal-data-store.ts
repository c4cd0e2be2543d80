import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { LANES } from '../../../platform/ids.ts';
import { ROWS_A_STEP, walk } from '../../../platform/database/walk.ts';
import type { WalkStep } from '../../../platform/database/walk.ts';
import { ErasedCounts, lanesOfPeople } from './lanes-of-people.ts';
import { mentionsOf } from './mentions.ts';
import type { PersonalData } from './personal-data.ts';

const consents = statement(
  '',
  `select subscription_id, granted, at, source, wording as text, recorded_at from consents
   where lane = $1 and subscription_id = any($2) order by subscription_id, at`,
);

const removeConsents = statement(
  'consents.erase',
  `delete from consents where lane = $1 and subscription_id = $2`,
);

const changes = statement(
  '',
  `select id, at, action, source, changes, user_id as onesignal_id from user_changes
   where lane = $1 and user_id = $2 and id > $3 order by id limit $4`,
);

const removeChanges = statement(
  'user-changes.erase',
  `delete from user_changes where lane = $1 and user_id = $2 and id in (
     select id from user_changes where lane = $1 and user_id = $2 limit $3)`,
);

const mentioning = statement(
  'user-changes.mentioning',
  `with looked as materialized (
     select app_id, user_id, id, day, changes from user_changes
     where lane = $1 and (user_id, id) > (coalesce($2::uuid, '00000000-0000-0000-0000-000000000000'),
       coalesce($3::uuid, '00000000-0000-0000-0000-000000000000'))
     order by user_id, id limit $4)
   select (select jsonb_build_array(user_id, id) from looked offset $4 - 1 limit 1) as last, (
     select jsonb_agg(jsonb_build_object('appId', app_id, 'userId', user_id, 'id', id, 'day', day, 'changes', changes))
     from looked l where app_id = any($6) and exists (
       select from jsonb_path_query(l.changes, '$.** ? (@.type() == "string")') said
       where said #>> '{}' in (select unnest($5::text[])))) as hits`,
);

const change = statement(
  'user-changes.take-out',
  `update user_changes c set changes = x.changes
   from jsonb_to_recordset($2) as x (user_id uuid, id uuid, day date, changes jsonb)
   where c.lane = $1 and c.user_id = x.user_id and c.id = x.id and c.day = x.day`,
);

interface Mentioning extends WalkStep {
  readonly hits:
    | readonly {
        readonly appId: string;
        readonly userId: string;
        readonly id: string;
        readonly day: string;
        readonly changes: Readonly<Record<string, unknown>>;
      }[]
    | null;
}

const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
const CHANGES_A_STEP = 1_000;

/** What identity holds about people beside users, aliases and subscriptions themselves. */
export function identityData(database: Queryable): PersonalData[] {
  return [consentData(database), historyData(database), mentionData(database)];
}

function consentData(database: Queryable): PersonalData {
  return {
    name: 'consents',
    async *exportOf(person) {
      for (const { lane, subscriptions } of lanesOfPeople([person])) {
        yield* await database.rows<object>(consents, [lane, subscriptions]);
      }
    },
    // They go with their subscription: what is left has come in the same moment.
    async erase(people) {
      const counts = new ErasedCounts(people);
      for (const { lane, subscriptions } of lanesOfPeople(people)) {
        for (const id of subscriptions) counts.add([id], await database.run(removeConsents, [lane, id]));
      }
      return counts.results();
    },
  };
}

function historyData(database: Queryable): PersonalData {
  return {
    name: 'history',
    async *exportOf({ users }) {
      for (const { lane, userId } of users) {
        for (let after = LOWEST_ID; ;) {
          const values = [lane, userId, after, CHANGES_A_STEP];
          const rows = await database.rows<{ readonly id: string }>(changes, values);
          yield* rows;
          if (rows.length < CHANGES_A_STEP) break;
          after = rows.at(-1)?.id ?? after;
        }
      }
    },
    async erase(people) {
      const counts = new ErasedCounts(people);
      for (const { lane, users } of lanesOfPeople(people)) {
        for (const userId of users) {
          for (let gone = ROWS_A_STEP; gone === ROWS_A_STEP;) {
            gone = await database.run(removeChanges, [lane, userId, ROWS_A_STEP]);
            counts.add([userId], gone);
          }
        }
      }
      return counts.results();
    },
  };
}

/** What the history of others says: who had an address before, who took an alias. */
function mentionData(database: Queryable): PersonalData {
  return {
    name: 'mentions',
    isThorough: true,
    exportOf: null,
    async erase(people) {
      // What names somebody in one app may be anybody in another.
      const apps = new Map(
        [...new Set(people.map(({ appId }) => appId))].map((appId) => [
          appId,
          mentionsOf(people.filter((person) => person.appId === appId)),
        ]),
      );
      const texts = [...apps.values()].flatMap((mentions) => mentions.texts);
      for (let lane = 0; lane < LANES; lane += 1) {
        const steps = walk(async (after) => {
          const values = [lane, ...(after ?? [null, null]), ROWS_A_STEP, texts, [...apps.keys()]];
          return (await database.rows<Mentioning>(mentioning, values))[0];
        });
        for await (const { hits } of steps) {
          const changed = (hits ?? []).flatMap(({ appId, userId, id, day, changes: said }) => {
            const rest = apps.get(appId)?.without(said) ?? null;
            return rest === null ? [] : [{ user_id: userId, id, day, changes: rest }];
          });
          if (changed.length > 0) await database.run(change, [lane, asJson(changed)]);
        }
      }
      // Of whom it was is not told: a row may name several.
      return people.map(() => ({ rows: 0, isUnfinished: false }));
    },
  };
}
