import type { CustomEventCondition, MessageEventCondition, PropertyTest } from './condition.ts';
import { hoursInMs } from './compile-time-conditions.ts';
import { known, numberIn } from './sql-parts-store.ts';
import type { Parameters, Scope } from './sql-parts-store.ts';
import { standsIn } from './stands-in.ts';

/**
 * Whether something has happened to `u` so and so often. Who that is of all in the statement's lanes is found
 * once, not user by user. Where never is often enough, those are found of whom it is not true.
 */
export function userIsAmong(
  condition: CustomEventCondition | MessageEventCondition,
  parameters: Parameters,
  scope: Scope,
): string {
  const $ = (value: unknown, type: string) => parameters.add(value, type);
  const { relation, times } = condition;
  const isTrueOfNever = standsIn(0 - times, relation);
  const often = `count(*) ${relation === '!=' ? '<>' : relation} ${$(times, 'bigint')}`;
  const who = `select e.user_id from (${rowsOf(condition, parameters, scope)}) e
    where ${whose(scope, $)} ${windowOf(condition, $, scope.now)}
    group by e.user_id having ${isTrueOfNever ? `not (${often})` : often}`;
  return `u.id ${isTrueOfNever ? 'not in' : 'in'} (${who})`;
}

function whose({ users }: Scope, $: (value: unknown, type: string) => string): string {
  return users === null ? 'e.user_id is not null' : `e.user_id = any (${$(users, 'uuid[]')})`;
}

function rowsOf(
  condition: CustomEventCondition | MessageEventCondition,
  parameters: Parameters,
  scope: Scope,
): string {
  const $ = (value: unknown, type: string) => parameters.add(value, type);
  switch (condition.kind) {
    case 'message-event':
      return scope.messageEvents(condition, scope, $);
    case 'custom-event': {
      const { name, properties, match, fromHours } = condition;
      const tests = properties.map((test) => propertyCondition(test, $));
      const asked = tests.length === 0 ? '' : ` and (${tests.join(match === 'all' ? ' and ' : ' or ')})`;
      // An event is never told before it happens: no day before needs to be looked at.
      const since = fromHours === null ? '' : ` and c.received_at >= ${edge(fromHours, $, scope.now)}`;
      return `select c.user_id, c.at from custom_events c
        where c.lane = any (${$(scope.lanes, 'int[]')}) and c.app_id = ${$(scope.appId, 'uuid')}
          and c.name = ${$(name, 'text')}${since}${asked}`;
    }
  }
}

function windowOf(
  { fromHours, toHours }: Pick<CustomEventCondition, 'fromHours' | 'toHours'>,
  $: (value: unknown, type: string) => string,
  now: number,
): string {
  const from = fromHours === null ? '' : ` and e.at >= ${edge(fromHours, $, now)}`;
  return from + (toHours === null ? '' : ` and e.at <= ${edge(toHours, $, now)}`);
}

function edge(hours: number, $: (value: unknown, type: string) => string, now: number): string {
  return $(new Date(now - hoursInMs(hours)), 'timestamptz');
}

function propertyCondition(
  { path, test, not }: PropertyTest,
  $: (value: unknown, type: string) => string,
): string {
  const value = `c.properties #> ${$(path, 'text[]')}`;
  if (test.is === 'exists') return known(`jsonb_typeof(${value}) <> 'null'`, not);
  const text = `(case when jsonb_typeof(${value}) in ('string', 'number', 'boolean') then ${value} #>> '{}' end)`;
  if (test.is === 'one-of') return known(oneOf(text, test.values, $), not);
  return known(`${numberIn(text)} ${test.is} ${$(test.value, 'numeric')}`, not);
}

function oneOf(text: string, values: readonly string[], $: (value: unknown, type: string) => string): string {
  const given = $(values, 'text[]');
  return `exists (select from unnest(${given}) v (text) where v.text = ${text}
    or coalesce(${numberIn('v.text')} = ${numberIn(text)}, false))`;
}
