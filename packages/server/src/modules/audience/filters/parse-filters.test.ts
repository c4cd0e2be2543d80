import { describe, expect, it } from 'vitest';
import type { FilterEntry } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { MOST_FILTERS, parseFilters } from './parse-filters.ts';

const tag = (key: string): FilterEntry => ({ field: 'tag', key, relation: 'exists' });
const has = (key: string) => ({ kind: 'tag-exists', key, not: false });
const OR = { operator: 'OR' };
const AND = { operator: 'AND' };

function refusal(...entries: FilterEntry[]): string {
  try {
    parseFilters(entries);
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('filters', () => {
  it('are an OR of ANDs: neighbours belong together, and AND says what is so anyway', () => {
    expect(parseFilters([tag('a'), AND, tag('b'), tag('c'), OR, tag('d')])).toEqual([
      [has('a'), has('b'), has('c')],
      [has('d')],
    ]);
    expect(parseFilters([])).toEqual([[]]);
  });

  it.each<[string, FilterEntry, object]>([
    [
      'numbers as text and as numbers',
      { field: 'tag', key: 'level', relation: '>', value: 10 },
      { kind: 'tag-number', key: 'level', relation: '>', value: '10' },
    ],
    [
      'lists, separated by commas',
      { field: 'tag', key: 'colour', relation: 'not_in_array', value: 'red, green,,' },
      { kind: 'tag', key: 'colour', values: ['red', 'green'], not: true },
    ],
    [
      'seconds that have gone by, and those to come',
      { field: 'tag', key: 'due', relation: 'time_elapsed_gt', value: '-172800' },
      { kind: 'tag-elapsed', key: 'due', relation: '>', seconds: '-172800' },
    ],
    [
      'hours with decimals',
      { field: 'last_session', relation: '<', hours_ago: '1.1' },
      { kind: 'session', session: 'last', relation: '<', hours: 1.1 },
    ],
    [
      'a place in text or numbers, without a relation',
      { field: 'location', radius: '1000', lat: 52.5, long: '13.4' },
      { kind: 'near', radius: 1000, lat: 52.5, long: 13.4 },
    ],
    [
      'languages and countries in their one spelling',
      { field: 'language', relation: '!=', value: 'EN-us' },
      { kind: 'property', property: 'language', value: 'en', not: true },
    ],
    [
      'an address without a relation',
      { field: 'email', value: ' Anna@Example.com' },
      { kind: 'email', email: 'anna@example.com', not: false },
    ],
    [
      'kinds of devices',
      { field: 'device_type', relation: '=', value: 'iOS' },
      { kind: 'type', types: ['iOSPush'], not: false },
    ],
    [
      'what has happened to messages, under its other names as well',
      {
        field: 'message_event',
        key: 'received',
        channel: 'push',
        relation: 'not_exists',
        from_hours_ago: '48',
      },
      {
        kind: 'message-event',
        event: 'delivered',
        channel: 'push',
        messageId: null,
        relation: '=',
        times: 0,
        fromHours: 48,
        toHours: null,
      },
    ],
    [
      'custom events, counted, with what is asked of their properties',
      {
        field: 'custom_event',
        key: 'order',
        relation: '>',
        value: '2',
        match: 'any',
        properties: [{ key: 'items.0.sku', relation: 'in_array', value: 'A, B' }],
      },
      {
        kind: 'custom-event',
        name: 'order',
        properties: [{ path: ['items', '0', 'sku'], test: { is: 'one-of', values: ['A', 'B'] }, not: false }],
        match: 'any',
        relation: '>',
        times: 2,
        fromHours: null,
        toHours: null,
      },
    ],
    ['test users', { field: 'test_user', relation: 'not_exists' }, { kind: 'test-user', not: true }],
    [
      'null as what was left out',
      { field: 'country', relation: 'exists', value: null, operator: null, key: null },
      { kind: 'property', property: 'country', value: null, not: false },
    ],
  ])('take %s', (_, entry, condition) => {
    expect(parseFilters([entry])).toEqual([[condition]]);
  });

  it.each<[string, FilterEntry[]]>([
    ['filters[1] is an operator, and filters must not end with one', [tag('a'), OR]],
    ['filters[0] is an operator, which must stand between two filters', [AND, tag('a')]],
    ['filters[2] is an operator, which must stand between two filters', [tag('a'), OR, OR, tag('b')]],
    ['filters[0].operator must be OR or AND. Given: "XOR"', [{ operator: 'XOR' }, tag('a')]],
    ['filters[0] must have either field or operator, not both', [{ ...tag('a'), operator: 'OR' }]],
    ['Segment colour is not a valid filter field.', [{ field: 'colour', relation: '=', value: 'red' }]],
    ['filters[1].key is required for message_event', [tag('a'), { field: 'message_event' }]],
    [
      'filters[0].key must be one of sent, failed, suppressed, delivered, opened, clicked, bounced, complained, unsubscribed. Given: "seen"',
      [{ field: 'message_event', key: 'seen' }],
    ],
    [
      'filters[0].to_hours_ago must be less than from_hours_ago, 24. Given: 24',
      [{ field: 'custom_event', key: 'order', from_hours_ago: 24, to_hours_ago: '24' }],
    ],
    [
      'filters[0].value must be a whole number from 0 to 1000000. Given: 1.5',
      [{ field: 'custom_event', key: 'order', relation: '>', value: 1.5 }],
    ],
    [
      'filters[0].properties[1].key must be names with points between them, at most 10: "items.0.sku". Given: "a..b"',
      [
        {
          field: 'custom_event',
          key: 'order',
          properties: [{ key: 'a', relation: 'exists' }, { key: 'a..b' }],
        },
      ],
    ],
    [
      'filters[0].properties[0].relation of a property must be one of exists not_exists = != in_array not_in_array > <. Given: "near"',
      [{ field: 'custom_event', key: 'order', properties: [{ key: 'a', relation: 'near' }] }],
    ],
    [
      'filters[0].value must be one of subscribed, unsubscribed, no_token. Given: "off"',
      [{ field: 'subscription_status', value: 'off' }],
    ],
    ['filters[0].key is required for tag', [{ field: 'tag', relation: 'exists' }]],
    ['filters[0].value is required for tag', [{ field: 'tag', key: 'a', relation: '=' }]],
    [
      'filters[0].value must be a number such as "10" or "9.99". Given: "many"',
      [{ field: 'tag', key: 'a', relation: '>', value: 'many' }],
    ],
    [
      'filters[0].relation of session_count must be one of > < = !=. Given: "exists"',
      [{ field: 'session_count', relation: 'exists' }],
    ],
    ['filters[0].hours_ago is required for last_session', [{ field: 'last_session', relation: '>' }]],
    [
      'filters[0].hours_ago must be a number from 0 to 1000000. Given: -1',
      [{ field: 'first_session', relation: '>', hours_ago: -1 }],
    ],
    [
      'filters[0].radius must be a number from 1 to 20100000. Given: 0',
      [{ field: 'location', radius: 0, lat: 1, long: 1 }],
    ],
    [
      'filters[0].value must be an ISO 3166-1 alpha-2 code such as "DE". Given: "Germany"',
      [{ field: 'country', relation: '=', value: 'Germany' }],
    ],
    [
      'filters[0].value must be a version such as "2.10.1" with >. Given: "beta"',
      [{ field: 'app_version', relation: '>', value: 'beta' }],
    ],
  ])('are refused: %s', (sentence, entries) => {
    expect(refusal(...entries)).toBe(sentence);
  });

  it('list at most 20 values, and have at most 200 entries with their operators', () => {
    const values = Array.from({ length: 21 }, (_, n) => n).join();
    expect(refusal({ field: 'tag', key: 'a', relation: 'in_array', value: values })).toMatch(
      /^filters\[0\]\.value can list at most 20 values; it lists 21/,
    );
    const many = Array.from({ length: MOST_FILTERS + 1 }, (_, n) => (n % 2 === 0 ? tag('a') : OR));
    expect(refusal(...many)).toBe('filters can hold at most 200 entries, operators included; it has 201');
    expect(parseFilters(many.slice(0, 199))).toHaveLength(100);
  });
});
