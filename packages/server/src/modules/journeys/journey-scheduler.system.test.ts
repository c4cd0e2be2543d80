import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { connectHints, createLog } from '@carillon/server';
import type { Hints } from '@carillon/server';
import { newId } from '../../platform/ids.ts';
import { EVERYTHING_IS_THERE } from './fixtures/everything-is-there.ts';
import { JourneyScheduler, Journeys } from './index.ts';

const APP = newId();
const MINUTE = 60_000;
const log = createLog({ level: 'silent' });
const nodes = [{ kind: 'send_email', template_id: newId() }];
const byEvent = { kind: 'event_trigger', name: 'e' };

let test: TestDatabase;
let hints: Hints;
let clock: FakeClock;
let isTemplateThere: boolean;
let journeys: Journeys;
let scheduler: JourneyScheduler;

const newScheduler = () => new JourneyScheduler({ database: test.database, clock, hints, log, journeys });

beforeAll(async () => {
  test = await createTestDatabase();
  hints = await connectHints(test.database, log);
});
afterAll(async () => {
  await hints.end();
  await test.drop();
});
beforeEach(() => {
  clock = new FakeClock();
  isTemplateThere = true;
  journeys = new Journeys({
    database: test.database,
    clock,
    named: {
      ...EVERYTHING_IS_THERE,
      template: async () => (isTemplateThere ? { channel: 'email', readsEvents: false } : null),
    },
    onChange: () => hints.give('journeys'),
    watchSegments: () => Promise.resolve(),
  });
  scheduler = newScheduler();
  scheduler.start();
});
afterEach(async () => {
  await scheduler.stop();
  await test.database.run({ name: '', text: 'delete from journeys' });
});

const inMinutes = (minutes: number) => new Date(clock.now() + minutes * MINUTE).toISOString();
async function scheduled(schedule: object, audience: object = byEvent): Promise<string> {
  const { id } = await journeys.create(APP, { name: 'x', audience, nodes, schedule });
  await journeys.update(APP, id, { state: 'scheduled' });
  return id;
}
const stateOf = async (id: string) => (await journeys.get(APP, id)).state;
const becomes = (id: string, state: string) =>
  until(`it is ${state}`, async () => (await stateOf(id)) === state);

describe('a scheduled journey', () => {
  it('starts at its time and not before, and stops at the other', async () => {
    const id = await scheduled({ start_at: inMinutes(10), stop_at: inMinutes(60) });
    await clock.advance(10 * MINUTE - 1);
    expect(await stateOf(id)).toBe('scheduled');
    await clock.advance(1);
    await becomes(id, 'active');
    expect(await journeys.get(APP, id)).toMatchObject({ version: 1, startedAt: new Date(clock.now()) });
    await clock.advance(50 * MINUTE);
    await becomes(id, 'archived');
    expect((await journeys.get(APP, id)).archivedAt).toEqual(new Date(clock.now()));
  });

  it('for segments begins to let in who is in them', async () => {
    const id = await scheduled(
      { start_at: inMinutes(10) },
      { kind: 'segment', included_segment_ids: [newId()] },
    );
    await clock.advance(10 * MINUTE);
    await expect(becomes(id, 'processing')).resolves.toBe(true);
  });

  it('that cannot start is a draft again, and says why', async () => {
    const id = await scheduled({ start_at: inMinutes(10) });
    isTemplateThere = false;
    await clock.advance(10 * MINUTE);
    await becomes(id, 'draft');
    expect((await journeys.get(APP, id)).scheduleError).toContain(
      'nodes[0].template_id: there is no template',
    );
    await expect(journeys.update(APP, id, { state: 'active' })).rejects.toThrow('cannot go live like this');
    isTemplateThere = true;
    expect(await journeys.update(APP, id, { state: 'active' })).toMatchObject({
      state: 'active',
      scheduleError: null,
    });
  });

  it('starts when somebody comes back who was away at its time', async () => {
    await scheduler.stop();
    const id = await scheduled({ start_at: inMinutes(10) });
    const missed = await scheduled({ start_at: inMinutes(10), stop_at: inMinutes(20) });
    await clock.advance(30 * MINUTE);
    expect(await stateOf(id)).toBe('scheduled');
    scheduler = newScheduler();
    scheduler.start();
    await becomes(id, 'active');
    await becomes(missed, 'archived');
    expect((await journeys.get(APP, missed)).startedAt).toBeNull();
  });

  it('that is moved starts at its new time', async () => {
    const id = await scheduled({ start_at: inMinutes(10) });
    await journeys.update(APP, id, { schedule: { start_at: inMinutes(20) } });
    await clock.advance(15 * MINUTE);
    const other = await scheduled({ start_at: inMinutes(5) });
    await clock.advance(5 * MINUTE);
    await becomes(id, 'active');
    await expect(becomes(other, 'active')).resolves.toBe(true);
  });

  it('stops at its time also while it is paused', async () => {
    const { id } = await journeys.create(APP, {
      name: 'x',
      audience: byEvent,
      nodes,
      schedule: { stop_at: inMinutes(1) },
    });
    await journeys.update(APP, id, { state: 'active' });
    await journeys.update(APP, id, { state: 'paused' });
    await clock.advance(MINUTE);
    await expect(becomes(id, 'archived')).resolves.toBe(true);
  });
});
