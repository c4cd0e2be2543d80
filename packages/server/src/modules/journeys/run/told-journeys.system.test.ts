import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_EXIT, definitionOf, eventTest, tag, wait } from './fixtures/definitions.ts';
import { RunningJourneys } from './fixtures/running-journeys.ts';

let world: RunningJourneys;

beforeEach(async () => {
  world = await RunningJourneys.start();
});
afterEach(() => world.end());

const start = async (properties: object = {}) =>
  world.events.take(world.app, [{ name: 'start', external_id: 'anna', properties }]);

describe('who comes into a journey and who leaves it', () => {
  it('is told to an app that asks, with which run it was and why', async () => {
    await world.hear();
    const rules = { earlyExit: { ...NO_EXIT, onEvent: eventTest('bought') } };
    const audience = { kind: 'event_trigger', name: 'start', attributes: [], runKey: 'cart' } as const;
    const journey = await world.journey(definitionOf([wait(1)], { ...rules, audience }));
    const userId = await world.user('anna');
    await start({ cart: 'c-7' });
    await world.work();
    await world.events.take(world.app, [{ name: 'bought', external_id: 'anna' }]);
    await world.work();
    const told = await world.told(journey);
    const run = told[0]?.data['run_id'];
    const shared = { journey_id: journey.id, run_id: run, run_key: 'c-7', version: 1 };
    expect(told.map(({ kind, userId: of, data }) => ({ kind, userId: of, data }))).toEqual([
      { kind: 'journey.entered', userId, data: { ...shared, reason: 'event start', held_out: false } },
      { kind: 'journey.exited', userId, data: { ...shared, reason: 'event', step: 'exited early' } },
    ]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(2);
  });

  it('says who is held out, and whom the end of the journey has stopped', async () => {
    await world.hear();
    const journey = await world.journey(definitionOf([wait(1)], { holdOutPercent: 100 }));
    await world.user('anna');
    await start();
    await world.work();
    await world.remove(journey);
    await world.work();
    expect(
      (await world.told(journey)).map(({ kind, data }) => [kind, data['held_out'] ?? data['step']]),
    ).toEqual([
      ['journey.entered', true],
      ['journey.exited', 'stopped'],
    ]);
  });

  it('is written for no app that does not ask', async () => {
    await world.journey(definitionOf([wait(1)]));
    await world.user('anna');
    await start();
    await world.work();
    expect(await world.rows('select from journey_runs')).toHaveLength(1);
    expect(await world.rows('select from feed')).toEqual([]);
  });

  it('is told once where a step tags, and neither told nor tagged by an owner who comes late', async () => {
    await world.hear();
    const journey = await world.journey(definitionOf([tag(1, { seen: 'yes' })]));
    const userId = await world.user('anna');
    const tags = async () =>
      (await world.rows('select tags from users where id = $1', [userId]))[0]?.['tags'];
    await start();
    const late = world.owned;
    await world.own();
    const { refused } = await world.worker.work(late, world.clock.now());
    expect(refused).toBe(true);
    expect(await world.told(journey)).toEqual([]);
    expect(await tags()).toEqual({});
    await world.work();
    expect((await world.told(journey)).map(({ kind }) => kind)).toEqual([
      'journey.entered',
      'journey.exited',
    ]);
    expect(await tags()).toEqual({ seen: 'yes' });
  });
});
