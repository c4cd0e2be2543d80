import { DECIMAL } from './decimal.ts';
import { EARTH_RADIUS_M, roundDegrees } from './distance.ts';
import { VERSION } from './app-version.ts';
import type { Audience, Comparison, Condition, Expression } from './condition.ts';
import { hoursInMs } from './matches.ts';
import { SLICES } from './slice-hash.ts';

/** The values of a statement's parameters, gathered as its text is made. */
export class Parameters {
  readonly values: unknown[];

  constructor(first: readonly unknown[]) {
    this.values = [...first];
  }

  /** Stands in the text for `value`: nothing that a caller sent is ever part of a text. */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

/**
 * An audience as a condition about `s`, a row of subscriptions, and `u`, its user: never null, and true of
 * whom `isInAudience` finds in it. `now` in milliseconds.
 */
export function audienceCondition(
  { include, exclude, only }: Audience,
  parameters: Parameters,
  now: number,
): string {
  const parts = [expressionCondition(include, parameters, now)];
  if (exclude.length > 0) parts.push(`not ${expressionCondition(exclude, parameters, now)}`);
  for (const condition of only) parts.push(oneCondition(condition, parameters, now));
  return parts.join(' and ');
}

/** Of `s`, a row of subscriptions: those that the audience is about. */
export function reachCondition({ unsubscribedToo }: Audience): string {
  return unsubscribedToo === true ? `s.token <> ''` : 's.reachable';
}

function expressionCondition(expression: Expression, parameters: Parameters, now: number): string {
  const branches = expression.map((all) =>
    all.length === 0
      ? 'true'
      : all.map((condition) => oneCondition(condition, parameters, now)).join(' and '),
  );
  return branches.length === 0 ? 'false' : `(${branches.map((branch) => `(${branch})`).join(' or ')})`;
}

/** Never null: what is not known is false, and true where the opposite was asked. */
function oneCondition(condition: Condition, parameters: Parameters, now: number): string {
  const $ = (value: unknown, type: string) => parameters.add(value, type);
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
      const edge = $(new Date(now - hoursInMs(condition.hours)), 'timestamptz');
      return condition.relation === '>' ? `${at} < ${edge}` : `${at} > ${edge}`;
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
    case 'slice': {
      const hash = `sha256(convert_to(${$(condition.salt, 'text')} || ' ' || s.id::text, 'UTF8'))`;
      const part = `('x' || encode(substring(${hash} from 1 for 4), 'hex'))::bit(32)::bigint % ${SLICES}`;
      return `(${part} >= ${$(condition.from, 'bigint')} and ${part} < ${$(condition.to, 'bigint')})`;
    }
  }
}

function known(condition: string, not: boolean): string {
  return not ? `not coalesce(${condition}, false)` : `coalesce(${condition}, false)`;
}

function compare(a: string, relation: Comparison, b: string): string {
  return relation === '!=' ? known(`${a} = ${b}`, true) : known(`${a} ${relation} ${b}`, false);
}

/** Of the subscription where it is a device; an email or a phone number opens no sessions of its own. */
function ofDevice(column: 'last_active' | 'session_count' | 'session_time'): string {
  return `case when s.channel = 'push' then s.${column} else u.${column} end`;
}

/** Only CASE keeps the cast from what is no number. */
function numberIn(text: string): string {
  return `case when ${text} ~ '${DECIMAL.source}' then ${text}::numeric end`;
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
