import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

/** What must hold of an app's rows at any moment; each query finds offenders. */
const RULES: Readonly<Record<string, string>> = {
  'an alias whose user does not exist': `select a.value from aliases a
    where a.app_id = $1 and not exists (
      select from users u where u.lane = a.lane and u.id = a.user_id and u.app_id = a.app_id)`,
  'two values of one label': `select user_id from aliases where app_id = $1 group by user_id, label having count(*) > 1`,
  'an external_id that differs from its alias': `select u.id from users u
    left join aliases a on a.app_id = u.app_id and a.label = 'external_id' and a.user_id = u.id
    where u.app_id = $1 and u.external_id is distinct from a.value`,
  'a user without alias and subscription': `select u.id from users u
    where u.app_id = $1 and not exists (select from aliases a where a.user_id = u.id)
      and not exists (select from subscriptions s where s.lane = u.lane and s.user_id = u.id)`,
  'more than 20 subscriptions of a user': `select user_id from subscriptions
    where app_id = $1 group by lane, user_id having count(*) > 20`,
  'a fact of consent without its subscription': `select c.subscription_id from consents c
    where c.app_id = $1 and not exists (
      select from subscriptions s where s.lane = c.lane and s.id = c.subscription_id)`,
  'a subscription without its token row': `select s.id from subscriptions s
    where s.app_id = $1 and not exists (
      select from tokens t where t.app_id = s.app_id and t.type = s.type
        and t.token = subscription_key(s.token, s.id) and t.lane = s.lane
        and t.subscription_id = s.id and t.user_id = s.user_id)`,
  'a token row without its subscription': `select t.token from tokens t
    where t.app_id = $1 and not exists (
      select from subscriptions s where s.lane = t.lane and s.id = t.subscription_id)`,
  'a subscription in a lane other than its user': `select s.id from subscriptions s
    where s.app_id = $1 and not exists (
      select from users u where u.lane = s.lane and u.id = s.user_id and u.app_id = s.app_id)`,
  'a token twice': `select token from subscriptions where app_id = $1 and token <> ''
    group by type, token having count(*) > 1`,
  'a subscription that its id does not lead to': `select s.id from subscriptions s
    left join moved_subscriptions m on m.subscription_id = s.id
    where s.app_id = $1 and s.lane <> coalesce(m.lane, lane_of(s.id))`,
};

/** A rule that does not hold, and how many rows break it. */
export interface BrokenRule {
  readonly rule: string;
  readonly rows: number;
}

// One statement, so that all rules see the same moment.
const broken = statement(
  'invariants.broken',
  Object.entries(RULES)
    .map(
      ([rule, offenders]) => `select '${rule}' as rule, (select count(*)::int from (${offenders}) o) as rows`,
    )
    .join(' union all '),
);

/** For tests, benchmarks and a doctor: the invariants of identity that do not hold in an app. */
export async function findBrokenRules(database: Queryable, appId: string): Promise<BrokenRule[]> {
  return (await database.rows<BrokenRule>(broken, [appId])).filter(({ rows }) => rows > 0);
}

/** The same as sentences. */
export async function brokenRules(database: Queryable, appId: string): Promise<string[]> {
  return (await findBrokenRules(database, appId)).map(({ rule, rows }) => `${rule}: ${rows}`);
}
