import { describe, expect, it } from 'vitest';
import type { AttributeOperator } from '../definition/definition.ts';
import { keepEvent } from './keep-event.ts';
import { parseMoment } from './parse-moment.ts';
import type { KeptEvent } from './run.ts';
import { hasAttributes, isEvent } from './test-event.ts';

const PROPERTIES = { total: '12.50', items: [{ sku: 'A' }], gift: false, when: '2026-11-02', nothing: null };
const holds = (key: string, operator: AttributeOperator, value: string | number | boolean | null = null) =>
  hasAttributes(PROPERTIES, [{ key, operator, value }]);
const event = (properties: KeptEvent['properties']): KeptEvent => ({
  id: '',
  name: 'e',
  properties,
  timestamp: '',
});

describe('an attribute of an event', () => {
  it('is compared as a number where both are one, as text otherwise', () => {
    expect(holds('total', 'equal', 12.5)).toBe(true);
    expect(holds('total', 'greater', 9)).toBe(true);
    expect(holds('total', 'less_or_equal', '12.5')).toBe(true);
    expect(holds('total', 'less', 'many')).toBe(false);
    expect(holds('items.0.sku', 'is', 'A')).toBe(true);
    expect(holds('items.0.sku', 'is', 'a')).toBe(false);
    expect(holds('gift', 'is', false)).toBe(true);
  });

  it('that is missing is equal to nothing, and neither less nor more', () => {
    expect(holds('missing', 'not_equal', 1)).toBe(true);
    expect(holds('missing', 'greater_or_equal', 0)).toBe(false);
    expect(holds('nothing', 'exists')).toBe(false);
    expect(holds('missing', 'not_exists')).toBe(true);
    expect(holds('items', 'exists')).toBe(true);
  });

  it('is before or after another time, in any of the forms of times', () => {
    expect(holds('when', 'before', '2026-11-02T00:00:01Z')).toBe(true);
    expect(holds('when', 'after', 1_700_000_000)).toBe(true);
    expect(holds('total', 'before', '2026-11-02')).toBe(true);
    expect(holds('gift', 'before', '2026-11-02')).toBe(false);
  });
});

describe('an event that is waited for', () => {
  const test = { name: 'e', attributes: [], matchEntry: [{ entryKey: 'cart.id', eventKey: 'id' }] };

  it('is matched with the entry event to the letter', () => {
    expect(isEvent(test, event({ id: 'A' }), event({ cart: { id: 'A' } }))).toBe(true);
    expect(isEvent(test, event({ id: 'a' }), event({ cart: { id: 'A' } }))).toBe(false);
    expect(isEvent(test, event({}), event({}))).toBe(false);
    expect(isEvent(test, event({ id: 'A' }), null)).toBe(false);
  });
});

const many = (from: number, count: number) =>
  event(Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${from + n}`, n])));

describe('the events that a run keeps', () => {
  it('have at most 100 properties: the oldest go first, the entry event last', () => {
    const kept = keepEvent(keepEvent([many(0, 10)], many(100, 60)), many(200, 60));
    expect(kept.map(({ properties }) => Object.keys(properties).length)).toEqual([10, 30, 60]);
  });
});

describe('a time in a property or a tag', () => {
  it('is ISO 8601, in UTC without an offset, or seconds', () => {
    const hour = Date.parse('2026-11-02T09:00:00Z');
    for (const text of [
      '2026-11-02T09:00:00Z',
      '2026-11-02 09:00',
      '2026-11-02T10:00:00+01',
      '2026-11-02T11:00:00.000+0200',
      hour / 1_000,
      String(hour / 1_000),
    ]) {
      expect(parseMoment(text)).toBe(hour);
    }
    expect(parseMoment('2026-11-02')).toBe(Date.parse('2026-11-02T00:00:00Z'));
  });

  it('is nothing else', () => {
    const others = ['', 'soon', '2026-13-45', '99999999999999', Infinity, true, null, {}];
    expect(others.map(parseMoment)).toEqual(others.map(() => null));
  });
});
