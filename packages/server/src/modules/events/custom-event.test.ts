import { describe, expect, it } from 'vitest';
import { parseCustomEvent } from './custom-event.ts';

const NOW = Date.parse('2026-11-01T12:00:00Z');
const KEY = 'A1B2C3D4-0000-4000-8000-000000000001';
const good = { name: 'order_placed', external_id: 'c-1' };

const titleOf = (input: object) => {
  const parsed = parseCustomEvent(input, NOW);
  return parsed.ok ? 'taken' : parsed.fault.title;
};
const eventOf = (input: object) => {
  const parsed = parseCustomEvent(input, NOW);
  if (!parsed.ok) throw new Error(parsed.fault.title);
  return parsed.event;
};

describe('a custom event', () => {
  it('needs a name and somebody it is about', () => {
    expect(titleOf(good)).toBe('taken');
    expect(titleOf({ ...good, name: '' })).toBe('name is required');
    expect(titleOf({ ...good, name: 'x'.repeat(129) })).toBe('name must be at most 128 characters long');
    expect(titleOf({ name: 'x' })).toBe('external_id or onesignal_id is required');
    expect(titleOf({ name: 'x', onesignal_id: 'me' })).toBe('onesignal_id must be a valid UUID');
  });

  it('takes its data as properties or as payload, and properties win', () => {
    expect(eventOf({ ...good, payload: { a: 1, b: 1 } }).properties).toEqual({ a: 1, b: 1 });
    expect(eventOf({ ...good, payload: { a: 1, b: 1 }, properties: { a: 2 } }).properties).toEqual({
      a: 2,
      b: 1,
    });
    expect(titleOf({ ...good, properties: [1] })).toBe('properties must be an object');
  });

  it('happened at its timestamp, but never in the future', () => {
    expect(eventOf(good).at).toBe(NOW);
    expect(eventOf({ ...good, timestamp: '2020-01-31T09:00:00+02:00' }).at).toBe(
      Date.parse('2020-01-31T07:00:00Z'),
    );
    expect(eventOf({ ...good, timestamp: '2020-01-31T09:00:00' }).at).toBe(
      Date.parse('2020-01-31T09:00:00Z'),
    );
    expect(eventOf({ ...good, timestamp: '2020-01-31' }).at).toBe(Date.parse('2020-01-31T00:00:00Z'));
    expect(eventOf({ ...good, timestamp: '2031-01-01T00:00:00Z' }).at).toBe(NOW);
    expect(titleOf({ ...good, timestamp: 'yesterday' })).toMatch(/^timestamp must be/);
    expect(titleOf({ ...good, timestamp: 5 })).toMatch(/^timestamp must be/);
  });

  it('is known by its idempotency key if it has one', () => {
    expect(eventOf({ ...good, idempotency_key: KEY })).toMatchObject({
      id: KEY.toLowerCase(),
      key: KEY.toLowerCase(),
    });
    expect(eventOf(good).key).toBeNull();
    expect(titleOf({ ...good, idempotency_key: 'again' })).toBe('idempotency_key must be a valid UUID');
  });

  it('of more than 2,024 bytes is refused as too large', () => {
    expect(titleOf({ ...good, properties: { text: 'ü'.repeat(900) } })).toBe('taken');
    expect(titleOf({ ...good, properties: { text: 'ü'.repeat(1_000) } })).toMatch(/2024 bytes/);
  });
});
