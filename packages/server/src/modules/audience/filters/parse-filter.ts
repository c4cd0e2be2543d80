import type { FilterEntry } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { isEmailAddress, parseCountry, parseEmail, parseLanguage } from '../../identity/index.ts';
import { parseVersion } from '../app-version.ts';
import type { Condition } from '../condition.ts';
import { typesOfDeviceName, DEVICE_NAMES } from '../device-names.ts';
import { Entry } from './entry.ts';
import { parseCustomEvent, parseMessageEvent } from './parse-event-filters.ts';
import { parseTagFilter } from './parse-tag-filter.ts';
import { refuseFilter } from './refuse-filter.ts';

const ORDERS = ['>', '<'] as const;
const EQUALITIES = ['=', '!='] as const;
const COMPARISONS = [...ORDERS, ...EQUALITIES] as const;
const PRESENCE = ['exists', 'not_exists'] as const;
const STATUSES = ['subscribed', 'unsubscribed', 'no_token'] as const;

/** A hundred years and more: nobody has been away for longer. */
const MOST_HOURS = 1_000_000;
/** Half around the earth. */
const MOST_METRES = 20_100_000;

/** The fields of filters, and how each is read. */
const FIELDS: ReadonlyMap<string, (entry: Entry) => Condition> = new Map([
  ['tag', parseTagFilter],
  ['last_session', sessionOf('last')],
  ['first_session', sessionOf('first')],
  ['session_count', numberOf('session_count')],
  ['session_time', numberOf('session_time')],
  ['amount_spent', numberOf('amount_spent')],
  [
    'bought_sku',
    (entry) => ({
      kind: 'bought',
      sku: entry.text('key'),
      relation: entry.relation(COMPARISONS),
      value: entry.decimal(),
    }),
  ],
  ['language', propertyOf('language', parseLanguage, 'an ISO 639-1 code such as "en"')],
  ['country', propertyOf('country', parseCountry, 'an ISO 3166-1 alpha-2 code such as "DE"')],
  ['app_version', parseAppVersion],
  [
    'location',
    (entry) => ({
      kind: 'near',
      radius: entry.number('radius', 1, MOST_METRES),
      lat: entry.number('lat', -90, 90),
      long: entry.number('long', -180, 180),
    }),
  ],
  ['email', parseEmailFilter],
  ['device_type', parseDeviceType],
  ['test_user', presenceOf('test-user')],
  ['external_id', presenceOf('external-id')],
  ['rooted', presenceOf('rooted')],
  [
    'created_at',
    (entry) => ({
      kind: 'created',
      relation: entry.relation(ORDERS),
      hours: entry.number('hours_ago', 0, MOST_HOURS),
    }),
  ],
  ['subscription_status', parseStatus],
  ['message_event', parseMessageEvent],
  ['custom_event', parseCustomEvent],
]);

/**
 * One filter as a condition. Throws ApiError that names the operand by `path`, such as `filters[0]`, its rule
 * and the fix.
 */
export function parseFilter(given: FilterEntry, path: string): Condition {
  const field = given.field ?? '';
  if (field === '')
    return refuseFilter(`${path}.field`, `is required: one of ${[...FIELDS.keys()].join(', ')}`);
  const read = FIELDS.get(field);
  if (read === undefined) throw new ApiError('message-filter-field', { params: { field } });
  return read(new Entry(given, path));
}

function presenceOf(kind: 'test-user' | 'external-id' | 'rooted') {
  return (entry: Entry): Condition => ({ kind, not: entry.relation(PRESENCE) === 'not_exists' });
}

function sessionOf(session: 'first' | 'last') {
  return (entry: Entry): Condition => ({
    kind: 'session',
    session,
    relation: entry.relation(ORDERS),
    hours: entry.number('hours_ago', 0, MOST_HOURS),
  });
}

function numberOf(of: 'session_count' | 'session_time' | 'amount_spent') {
  return (entry: Entry): Condition => ({
    kind: 'number',
    of,
    relation: entry.relation(COMPARISONS),
    value: entry.decimal(),
  });
}

function propertyOf(property: 'language' | 'country', parse: (text: string) => string, what: string) {
  return (entry: Entry): Condition => {
    const relation = entry.relation([...EQUALITIES, ...PRESENCE]);
    switch (relation) {
      case 'exists':
      case 'not_exists':
        return { kind: 'property', property, value: null, not: relation === 'not_exists' };
      case '=':
      case '!=': {
        const value = unlessRefused(parse, entry.text('value'));
        if (value === null)
          return refuseFilter(`${entry.path}.value`, `must be ${what}`, entry.text('value'));
        return { kind: 'property', property, value, not: relation === '!=' };
      }
    }
  };
}

function parseAppVersion(entry: Entry): Condition {
  const relation = entry.relation(COMPARISONS);
  const value = entry.text('value').trim();
  const ordered = relation === '>' || relation === '<';
  if (ordered && parseVersion(value) === null)
    return refuseFilter(`${entry.path}.value`, `must be a version such as "2.10.1" with ${relation}`, value);
  return { kind: 'app-version', relation, value };
}

function parseEmailFilter(entry: Entry): Condition {
  const relation = entry.relation(EQUALITIES, '=');
  const value = entry.text('value');
  if (!isEmailAddress(value)) {
    return refuseFilter(`${entry.path}.value`, 'must be an email address such as name@example.com', value);
  }
  return { kind: 'email', email: parseEmail(value), not: relation === '!=' };
}

function parseDeviceType(entry: Entry): Condition {
  const relation = entry.relation(EQUALITIES, '=');
  const types = typesOfDeviceName(entry.text('value'));
  if (types !== null) return { kind: 'type', types, not: relation === '!=' };
  const rule = `must be one of ${DEVICE_NAMES.join(', ')}`;
  return refuseFilter(`${entry.path}.value`, rule, entry.text('value'));
}

function parseStatus(entry: Entry): Condition {
  const relation = entry.relation(EQUALITIES, '=');
  const given = entry.text('value');
  const status = STATUSES.find((known) => known === given);
  if (status !== undefined) return { kind: 'status', status, not: relation === '!=' };
  return refuseFilter(`${entry.path}.value`, `must be one of ${STATUSES.join(', ')}`, given);
}

function unlessRefused(parse: (text: string) => string, text: string): string | null {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}
