import { EARTH_RADIUS_M, roundDegrees } from './distance.ts';
import { VERSION } from './app-version.ts';
import type { Audience, Comparison, Condition, Expression } from './condition.ts';
import { userIsAmong } from './event-condition-store.ts';
import { hoursInMs } from './compile-time-conditions.ts';
import { compare, known, numberIn } from './sql-parts-store.ts';
import type { Parameters, Scope } from './sql-parts-store.ts';
import { SLICES } from './slice-hash.ts';

/**
 * An audience as a condition about `s`, a row of subscriptions, and `u`, its user: never null, and true of
 * whom `isInAudience` finds in it.
 */
export function audienceCondition(
  { include, exclude, only }: Audience,
  parameters: Parameters,
  scope: Scope,
): string {
  const parts = [expressionCondition(include, parameters, scope)];
  if (exclude.length > 0) parts.push(`not ${expressionCondition(exclude, parameters, scope)}`);
  for (const condition of only) parts.push(conditionAlone(condition, parameters, scope));
  return parts.join(' and ');
}

/** Of `s`, a row of subscriptions: those that the audience is about. */
export function reachCondition({ unsubscribedToo }: Audience): string {
  return unsubscribedToo === true ? `s.token <> ''` : 's.reachable';
}

function expressionCondition(expression: Expression, parameters: Parameters, scope: Scope): string {
  const branches = expression.map((all) =>
    all.length === 0
      ? 'true'
      : all.map((condition) => conditionAlone(condition, parameters, scope)).join(' and '),
  );
  return branches.length === 0 ? 'false' : `(${branches.map((branch) => `(${branch})`).join(' or ')})`;
}

/** Never null: what is not known is false, and true where the opposite was asked. */
export function conditionAlone(condition: Condition, parameters: Parameters, scope: Scope): string {
  const { now } = scope;
  const $ = (value: unknown, type: string) => parameters.add(value, type);
  const edgeOf = (hours: number) => $(new Date(now - hoursInMs(hours)), 'timestamptz');
  switch (condition.kind) {
    case 'tag': {
      const tag = `(u.tags ->> ${$(condition.key, 'text')})`;
      return known(`${tag} = any (${$(condition.values, 'text[]')})`, condition.not);
    }
    case 'tag-exists':
      return known(`jsonb_exists(u.tags, ${$(condition.key, 'text')})`, condition.not);
    case 'tag-number':
      return compare(
        numberIn(`(u.tags ->> ${$(condition.key, 'text')})`),
        condition.relation,
        $(condition.value, 'numeric'),
      );
    case 'tag-elapsed': {
      const tag = numberIn(`(u.tags ->> ${$(condition.key, 'text')})`);
      const elapsed = `${$(now, 'numeric')} / 1000 - ${tag}`;
      return compare(elapsed, condition.relation, $(condition.seconds, 'numeric'));
    }
    case 'property': {
      const column = `u.${condition.property}`;
      if (condition.value === null) return known(`${column} is not null`, condition.not);
      return known(`${column} = ${$(condition.value, 'text')}`, condition.not);
    }
    case 'session': {
      const at = condition.session === 'first' ? 'u.first_active' : ofDevice('last_active');
      return ago(at, condition.relation, edgeOf(condition.hours));
    }
    case 'number': {
      const amount = condition.of === 'amount_spent' ? 'coalesce(u.amount_spent, 0)' : ofDevice(condition.of);
      return compare(amount, condition.relation, $(condition.value, 'numeric'));
    }
    case 'bought': {
      const spent = `(select sum(${numberIn(`(p ->> 'amount')`)} * coalesce((p ->> 'count')::numeric, 1))
        from jsonb_array_elements(u.purchases) p where p ->> 'sku' = ${$(condition.sku, 'text')})`;
      return compare(spent, condition.relation, $(condition.value, 'numeric'));
    }
    case 'app-version':
      return versionCondition(condition.relation, $(condition.value, 'text'));
    case 'near': {
      const degrees = (given: number) => $(roundDegrees(given), 'float8');
      const metres = distanceTo(degrees(condition.lat), degrees(condition.long));
      return known(`${metres} <= ${$(condition.radius, 'float8')}`, false);
    }
    case 'email': {
      const email = $(condition.email, 'text');
      return known(
        `exists (select from subscriptions e where e.lane = u.lane and e.user_id = u.id and e.app_id = u.app_id
           and e.type = 'Email' and e.token = ${email})`,
        condition.not,
      );
    }
    case 'type':
      return known(`s.type = any (${$(condition.types, 'text[]')})`, condition.not);
    case 'test-user':
      return known(`jsonb_exists(u.properties, 'test_user_name')`, condition.not);
    case 'external-id':
      return known('u.external_id is not null', condition.not);
    case 'rooted':
      return known(`s.device ->> 'rooted' = 'true'`, condition.not);
    case 'created':
      return known(ago('s.created_at', condition.relation, edgeOf(condition.hours)), false);
    case 'status': {
      const status = `case when s.id is null then null when s.reachable then 'subscribed' when s.token = '' then 'no_token' else 'unsubscribed' end`;
      return known(`${status} = ${$(condition.status, 'text')}`, condition.not);
    }
    case 'custom-event':
    case 'message-event':
      return userIsAmong(condition, parameters, scope);
    case 'segment':
      throw new Error(`segment ${condition.id} was not looked up`);
    case 'any':
      return expressionCondition(condition.of, parameters, scope);
    case 'slice': {
      const hash = `sha256(convert_to(${$(condition.salt, 'text')} || ' ' || s.id::text, 'UTF8'))`;
      const part = `('x' || encode(substring(${hash} from 1 for 4), 'hex'))::bit(32)::bigint % ${SLICES}`;
      return known(
        `(${part} >= ${$(condition.from, 'bigint')} and ${part} < ${$(condition.to, 'bigint')})`,
        false,
      );
    }
  }
}

function ago(at: string, relation: '>' | '<', edge: string): string {
  return relation === '>' ? `${at} < ${edge}` : `${at} > ${edge}`;
}

/** Of the subscription where it is a device; an email or a phone number opens no sessions of its own. */
function ofDevice(column: 'last_active' | 'session_count' | 'session_time'): string {
  return `case when s.channel = 'push' then s.${column} else u.${column} end`;
}

/** A version's numbers as an array, which PostgreSQL compares one by one; null for what is no version. */
function versionIn(text: string): string {
  return `case when ${text} ~ '${VERSION.source}'
    then string_to_array(regexp_replace(${text}, '(\\.0+)+$', ''), '.')::bigint[] end`;
}

function versionCondition(relation: Comparison, value: string): string {
  const version = `(s.device ->> 'app_version')`;
  switch (relation) {
    case '=':
    case '!=': {
      // In two steps: a comparison with what is no version is null, and hides that the texts are equal.
      const same = `coalesce(${versionIn(version)} = ${versionIn(value)}, false)`;
      return known(`(${version} = ${value} or ${same})`, relation === '!=');
    }
    case '>':
    case '<':
      return known(`${versionIn(version)} ${relation} ${versionIn(value)}`, false);
  }
}

/** Metres from the user's place; null where that is not known. */
function distanceTo(lat: string, long: string): string {
  const [fromLat, fromLong] = [degreesOf('lat'), degreesOf('long')];
  const chord = `${haversine(`${lat} - ${fromLat}`)}
    + cos(radians(${fromLat})) * cos(radians(${lat})) * ${haversine(`${long} - ${fromLong}`)}`;
  return `2 * ${EARTH_RADIUS_M} * asin(least(1, sqrt(${chord})))`;
}

function degreesOf(name: 'lat' | 'long'): string {
  return `round((u.properties ->> '${name}')::numeric, 6)::float8`;
}

function haversine(degrees: string): string {
  return `power(sin(radians(${degrees}) / 2), 2)`;
}
