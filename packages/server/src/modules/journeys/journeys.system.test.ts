import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { Lanes, Partitions, connectHints, createLog, openLaneDatabase, statement } from '@carillon/server';
import type { Database, Hints } from '@carillon/server';
import { newId } from '../../platform/ids.ts';
import { CustomEvents } from '../events/index.ts';
import { Identity } from '../identity/index.ts';
import { EVERYTHING_IS_THERE } from './fixtures/everything-is-there.ts';
import type { Journey } from './index.ts';
import { JourneyBook, JourneyStore, JourneyWorker, Journeys } from './index.ts';

const APP = newId();
const TEMPLATE = newId();
const CONTENT = newId();
const HOUR = 3_600_000;
const log = createLog({ level: 'silent' });

let test: TestDatabase;
let laneDatabase: Database;
let hints: Hints;
let clock: FakeClock;
let lanes: Lanes;
let events: CustomEvents;
let journeys: Journeys;
let anna: string;
let woken = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  laneDatabase = openLaneDatabase({ url: test.url, groups: 2 });
  hints = await connectHints(test.database, log);
});
afterAll(async () => {
  await hints.end();
  await laneDatabase.end();
  await test.drop();
});

beforeEach(async () => {
  clock = new FakeClock();
  woken = 0;
  const partitions = new Partitions(test.database);
  const identity = new Identity({ database: test.database, clock });
  events = new CustomEvents({ database: test.database, partitions, identity, hints, clock });
  journeys = new Journeys({
    database: test.database,
    clock,
    named: EVERYTHING_IS_THERE,
    onChange: () => {},
    watchSegments: () => Promise.resolve(),
  });
  const worker = new JourneyWorker({
    database: laneDatabase,
    book: new JourneyBook(new JourneyStore(test.database)),
    identity,
    facts: {
      identity,
      contents: { contentIdsOf: async () => new Map([[TEMPLATE, CONTENT]]) },
      memberships: {
        readMemberships: async () => new Map(),
        readMembers: async () => [],
        areReady: async () => true,
      },
      messageActions: async () => new Map(),
      webhooksOf: async () => new Set(),
      rulesOf: async () => ({ timeZone: 'UTC', tagLimit: 100 }),
    },
    partitions,
    finishLaunch: async () => {},
    endAwaiting: async () => false,
    wakeSenders: () => (woken += 1),
    wakeCallers: () => {},
    wakeReaders: () => {},
  });
  lanes = new Lanes({ database: laneDatabase, clock, hints, log, workers: [worker] });
  await lanes.start();
  const { user } = await identity.upsertUser(APP, {
    identity: { external_id: 'anna' },
    subscriptions: [{ type: 'Email', token: 'anna@example.com' }],
  });
  anna = user.identity['onesignal_id'] ?? '';
  await identity.upsertUser(APP, { identity: { external_id: 'ben' } });
});
afterEach(async () => {
  await lanes.stop();
  for (const table of [
    'journeys',
    'journey_runs',
    'journey_trace',
    'messages',
    'message_chunks',
    'lane_inbox',
  ]) {
    await test.database.run({ name: '', text: `delete from ${table}` });
  }
});

async function activeJourney(nodes: object[], name = 'signed_up'): Promise<Journey> {
  const { id } = await journeys.create(APP, {
    name: 'Welcome',
    audience: { kind: 'event_trigger', name },
    nodes,
  });
  return journeys.update(APP, id, { state: 'active' });
}

const wait = { kind: 'wait', duration_seconds: 3_600 };
const send = { kind: 'send_email', template_id: TEMPLATE };

const trace = statement('test.trace', `select step from journey_trace order by run_id, rev`);
const steps = async () => (await test.database.rows<{ step: string }>(trace)).map((row) => row.step);
const stepsBecome = (expected: readonly string[]) =>
  until(`the trace is ${expected.join(', ')}`, async () => (await steps()).join() === expected.join());
const rowsOf = (table: string) =>
  test.database.rows<Record<string, unknown>>({ name: '', text: `select * from ${table}` });

describe('a journey', () => {
  it('waits as long as it says, sends, and ends', async () => {
    const journey = await activeJourney([wait, send]);
    await events.take(APP, [{ name: 'signed_up', external_id: 'anna', properties: { plan: 'pro' } }]);
    await stepsBecome(['entered']);
    await clock.advance(HOUR - 1);
    expect(await steps()).toEqual(['entered']);
    await clock.advance(1);
    await stepsBecome(['entered', 'waited', 'sent', 'completed']);

    expect(await rowsOf('journey_runs')).toEqual([]);
    const [message] = await rowsOf('messages');
    expect(message).toMatchObject({
      app_id: APP,
      kind: 'journey',
      channel: 'email',
      content_id: CONTENT,
      template_id: TEMPLATE,
      queued_at: new Date(clock.now()),
      custom_data: {
        journey: { name: 'Welcome', events: [{ name: 'signed_up', properties: { plan: 'pro' } }] },
      },
      request: { journey_id: journey.id },
    });
    const subscriptions = await rowsOf(`subscriptions where user_id = '${anna}'`);
    expect(await rowsOf('message_chunks')).toMatchObject([
      { message_id: message?.['id'], state: 'ready', priority: 0, targets: [subscriptions[0]?.['id']] },
    ]);
    expect(await rowsOf('journey_trace where message_id is not null')).toMatchObject([
      { step: 'sent', message_id: message?.['id'] },
    ]);
    expect(woken).toBe(1);
  });

  it('lets nobody in while it is a draft, and whoever comes the moment after it went live', async () => {
    const { id } = await journeys.create(APP, {
      name: 'x',
      audience: { kind: 'event_trigger', name: 'e' },
      nodes: [wait],
    });
    await events.take(APP, [{ name: 'e', external_id: 'anna' }]);
    await until('the inbox is empty', async () => (await rowsOf('lane_inbox')).length === 0);
    await journeys.update(APP, id, { state: 'active' });
    await events.take(APP, [
      { name: 'e', external_id: 'ben' },
      { name: 'other', external_id: 'ben' },
    ]);
    await expect(stepsBecome(['entered'])).resolves.toBe(true);
  });

  it('skips a message to somebody who cannot be reached, and one whose template is gone', async () => {
    await activeJourney([send]);
    await activeJourney([{ ...send, template_id: newId() }], 'second');
    await events.take(APP, [
      { name: 'signed_up', external_id: 'ben' },
      { name: 'second', external_id: 'anna' },
    ]);
    await stepsBecome(['entered', 'skipped', 'completed', 'entered', 'skipped', 'completed']);
    expect(await rowsOf('messages')).toEqual([]);
    expect(woken).toBe(0);
  });

  it('can have one user inside several times at once, in the order of the events', async () => {
    await activeJourney([wait, send]);
    await events.take(
      APP,
      [1, 2, 3].map((n) => ({ name: 'signed_up', external_id: 'anna', properties: { n } })),
    );
    await until('three runs wait', async () => (await rowsOf('journey_runs')).length === 3);
    await clock.advance(HOUR);
    const made = until('three messages are made', async () => (await rowsOf('messages')).length === 3);
    await expect(made).resolves.toBe(true);
  });

  it('stops the users inside once it is archived', async () => {
    const { id } = await activeJourney([wait, send]);
    await events.take(APP, [{ name: 'signed_up', external_id: 'anna' }]);
    await stepsBecome(['entered']);
    await journeys.update(APP, id, { state: 'archived' });
    await clock.advance(HOUR);
    await stepsBecome(['entered', 'stopped']);
    expect(await rowsOf('journey_runs')).toEqual([]);
  });

  it('runs a year of waiting in a moment', async () => {
    await activeJourney(Array.from({ length: 12 }, () => ({ kind: 'wait', duration_seconds: 2_628_000 })));
    await events.take(APP, [{ name: 'signed_up', external_id: 'anna' }]);
    await stepsBecome(['entered']);
    for (let month = 1; month <= 12; month += 1) {
      await clock.advance(2_628_000_000);
      const expected = [
        'entered',
        ...Array.from({ length: month }, () => 'waited'),
        ...(month === 12 ? ['completed'] : []),
      ];
      await expect(stepsBecome(expected)).resolves.toBe(true);
    }
  });
});

describe('journeys as written', () => {
  const body = { name: 'x', audience: { kind: 'event_trigger', name: 'e' }, nodes: [wait] };

  it('are listed newest first, page by page, each app its own', async () => {
    for (const name of ['a', 'b', 'c']) {
      await journeys.create(APP, { ...body, name });
      await clock.advance(1);
    }
    const first = await journeys.list(APP, null, 2);
    expect(first).toMatchObject({ journeys: [{ name: 'c' }, { name: 'b' }], hasMore: true });
    const last = { createdAt: clock.now() - 2, id: first.journeys.map(({ id }) => id).at(-1) ?? '' };
    const rest = await journeys.list(APP, last, 2);
    expect(rest).toMatchObject({ journeys: [{ name: 'a' }], hasMore: false });
    expect(await journeys.list(newId(), null, 2)).toEqual({ journeys: [], hasMore: false });
    await expect(journeys.get(newId(), last.id)).rejects.toThrow('Journey not found');
    await expect(journeys.remove(newId(), last.id)).rejects.toThrow('Journey not found');
  });

  it('are changed by a merge patch, and never on an older revision', async () => {
    const created = await journeys.create(APP, body);
    const changed = await journeys.update(APP, created.id, { description: 'new', audience: { name: 'f' } });
    expect(changed).toMatchObject({ name: 'x', description: 'new', revision: 2 });
    expect(changed.definition.audience).toMatchObject({ kind: 'event_trigger', name: 'f' });
    await expect(journeys.update(APP, created.id, { name: 'y', concurrency_key: '1' })).rejects.toThrow(
      'changed meanwhile',
    );
  });

  it('keep the keys of their nodes apart from those they had before', async () => {
    const { id } = await journeys.create(APP, body);
    const { definition } = await journeys.update(APP, id, { nodes: [wait, send] });
    expect(definition.nodes.map(({ key }) => key)).toEqual([2, 3]);
    expect(definition.nextKey).toBe(4);
  });

  it('keep the kind of their audience once active, and are final once archived', async () => {
    const { id } = await activeJourney([wait]);
    await expect(journeys.update(APP, id, { audience: { kind: 'segment' } })).rejects.toThrow(
      'audience.kind is fixed once the journey was live',
    );
    await expect(journeys.update(APP, id, { state: 'draft' })).rejects.toThrow(
      'from active it can become paused, archived, not draft',
    );
    await journeys.update(APP, id, { state: 'archived' });
    await expect(journeys.update(APP, id, { name: 'y' })).rejects.toThrow(
      'archived journey cannot be changed',
    );
  });
});
