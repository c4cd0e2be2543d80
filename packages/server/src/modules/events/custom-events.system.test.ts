import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { Partitions, statement } from '@carillon/server';
import { newId } from '../../platform/ids.ts';
import { Identity } from '../identity/index.ts';
import { CustomEvents } from './index.ts';

const APP = newId();
const OTHER_APP = newId();
const clock = new FakeClock();
let test: TestDatabase;
let events: CustomEvents;
let hints: string[] = [];
let anna: string;

beforeAll(async () => {
  test = await createTestDatabase();
  const identity = new Identity({ database: test.database, clock });
  const partitions = new Partitions(test.database);
  events = new CustomEvents({
    database: test.database,
    partitions,
    identity,
    hints: { give: (topic) => void hints.push(topic) },
    clock,
  });
  anna =
    (await identity.upsertUser(APP, { identity: { external_id: 'anna' } })).user.identity['onesignal_id'] ??
    '';
  await identity.upsertUser(APP, { identity: { external_id: 'ben' } });
});
afterAll(() => test.drop());
beforeEach(async () => {
  await test.database.run({ name: '', text: 'truncate lane_inbox, custom_events, custom_event_keys' });
  hints = [];
});

const inbox = statement(
  'test.inbox',
  `select user_id, kind, payload ->> 'name' as name, payload -> 'properties' as properties, at from lane_inbox order by id`,
);
const stored = statement('test.stored', `select name, user_id, at from custom_events order by name`);

describe('custom events', () => {
  it('are stored, wait in the inbox in their order, and are hinted at', async () => {
    const faults = await events.take(APP, [
      { name: 'b', external_id: 'anna', properties: { n: 1 } },
      { name: 'a', onesignal_id: anna.toUpperCase(), timestamp: '2026-10-01T00:00:00Z' },
    ]);
    expect(faults).toEqual([]);
    expect(await test.database.rows(inbox)).toEqual([
      { user_id: anna, kind: 'event', name: 'b', properties: { n: 1 }, at: new Date(clock.now()) },
      { user_id: anna, kind: 'event', name: 'a', properties: {}, at: new Date('2026-10-01T00:00:00Z') },
    ]);
    expect(await test.database.rows(stored)).toHaveLength(2);
    expect(hints).toEqual(['inbox']);
  });

  it('of unknown users, and of users of another app, are told one by one while the others are taken', async () => {
    const faults = await events.take(APP, [
      { name: 'x', external_id: 'nobody' },
      { name: 'y', external_id: 'ben' },
      { name: '', external_id: 'ben' },
    ]);
    expect(faults.map(({ subject, code, title }) => ({ subject, code, title }))).toEqual([
      { subject: 'ben', code: 'invalid', title: 'name is required' },
      { subject: 'nobody', code: 'not found', title: 'failed to find a onesignal_id for user_id nobody' },
    ]);
    expect(await test.database.rows(inbox)).toMatchObject([{ name: 'y' }]);
    expect(await events.take(OTHER_APP, [{ name: 'z', onesignal_id: anna }])).toMatchObject([
      { code: 'not found' },
    ]);
  });

  it('with a known idempotency key are taken once, also when sent at the same time', async () => {
    const event = { name: 'paid', external_id: 'anna', idempotency_key: newId() };
    const results = await Promise.all([
      events.take(APP, [event, event]),
      events.take(APP, [event]),
      events.take(APP, [event, { name: 'other', external_id: 'ben' }]),
    ]);
    expect(results.flat()).toEqual([]);
    await events.take(APP, [event]);
    expect(await test.database.rows(stored)).toMatchObject([{ name: 'other' }, { name: 'paid' }]);
    expect(await test.database.rows(inbox)).toHaveLength(2);
  });

  it('forget their idempotency keys after some hours', async () => {
    const event = { name: 'again', external_id: 'anna', idempotency_key: newId() };
    await events.take(APP, [event]);
    expect(await events.forgetKeys()).toBe(0);
    await clock.advance(5 * 3_600_000);
    expect(await events.forgetKeys()).toBe(1);
    await events.take(APP, [event]);
    expect(await test.database.rows(stored)).toHaveLength(2);
  });
});
