import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../platform/ids.ts';
import {
  NO_EXIT,
  branch,
  definitionOf,
  eventTest,
  ofSegments,
  send,
  wait,
  yesNo,
} from './fixtures/definitions.ts';
import { RunningJourneys } from './fixtures/running-journeys.ts';

const MINUTE = 60_000;
const GOLD = newId();
const OUT = newId();

let world: RunningJourneys;
let anna: string;

beforeEach(async () => {
  world = await RunningJourneys.start();
  anna = await world.user('anna');
});
afterEach(() => world.end());

const tell = async (event: string) => {
  await world.events.take(world.app, [{ name: event, external_id: 'anna' }]);
  await world.work();
};
const stateOf = async (id: string) =>
  (await world.rows('select state, awaits_segments as awaits from journeys where id = $1', [id]))[0];
/** Whoever is in a segment is known to be from now on. */
const fill = async (segment: string, ...users: string[]) => {
  world.unready.delete(segment);
  world.members.set(segment, new Set(users));
  await world.work();
};

const isGold = { kind: 'segment_membership', segmentIds: [GOLD] } as const;
const asksForGold = yesNo(1, isGold, branch(2, [send(3)]), branch(4));

describe('a journey of an event that names a segment', () => {
  const launch = { state: 'processing', awaitsSegments: true } as const;
  const start = async (definition = definitionOf([asksForGold])) => {
    world.unready.add(GOLD);
    const journey = await world.journey(definition, 'active');
    return world.change(journey, launch);
  };

  it('keeps whoever comes in at the door until it is known who is in it, and is active then', async () => {
    const { id } = await start();
    await tell('start');
    await tell('start');
    expect(await stateOf(id)).toEqual({ state: 'processing', awaits: true });
    expect(await world.trace(anna)).toEqual(['entered (event start)', 'entered (event start)']);
    const { done, nextDueAt } = await world.worker.work(world.owned, world.clock.now());
    expect({ done, nextDueAt }).toEqual({ done: 0, nextDueAt: null });
    await fill(GOLD, anna);
    expect(await stateOf(id)).toEqual({ state: 'active', awaits: false });
    const way = ['entered (event start)', 'branched 1 > 2 (segment)', 'sent 3', 'completed'];
    expect(await world.trace(anna)).toEqual([...way, ...way]);
  });

  it('loses no event that came meanwhile: who has a reason to leave by then is sent nothing', async () => {
    await start(
      definitionOf([asksForGold, wait(5)], { earlyExit: { ...NO_EXIT, onEvent: eventTest('bought') } }),
    );
    await tell('start');
    await tell('bought');
    await fill(GOLD, anna);
    expect(await world.trace(anna)).toEqual([
      'entered (event start)',
      'noted 1 (event)',
      'exited early 1 (event)',
    ]);
  });

  it('stays in its state where somebody has paused it, and lets nobody in', async () => {
    world.unready.add(GOLD);
    const journey = await world.journey(definitionOf([asksForGold]));
    const paused = await world.change(journey, { state: 'paused', awaitsSegments: true });
    await tell('start');
    await fill(GOLD, anna);
    expect(await stateOf(paused.id)).toEqual({ state: 'paused', awaits: false });
    expect(await world.trace(anna)).toEqual([]);
  });
});

describe('a live journey that is changed to name a segment', () => {
  it('stops those inside until it is known who is in it, and takes them on where they stood', async () => {
    const journey = await world.journey(definitionOf([wait(9)]));
    await tell('start');
    world.unready.add(GOLD);
    const changed = { definition: definitionOf([wait(9), asksForGold]), version: 2, awaitsSegments: true };
    await world.change(journey, changed);
    await world.clock.advance(MINUTE);
    await world.work();
    await tell('start');
    expect(await world.trace(anna)).toEqual(['entered (event start)', 'entered (event start)']);
    expect(await stateOf(journey.id)).toEqual({ state: 'active', awaits: true });
    await fill(GOLD, anna);
    expect(await stateOf(journey.id)).toEqual({ state: 'active', awaits: false });
    await world.clock.advance(MINUTE);
    await world.work();
    const way = ['entered (event start)', 'waited 9', 'branched 1 > 2 (segment)', 'sent 3', 'completed'];
    expect(await world.trace(anna)).toEqual([...way, ...way]);
  });

  it('asks for those of earlier settings too: whoever came in by them goes by them', async () => {
    world.unready.add(OUT);
    const leaving = { earlyExit: { ...NO_EXIT, onSegmentIds: [OUT] } };
    const journey = await world.journey(definitionOf([wait(1), send(2)], leaving));
    const awaiting = await world.change(journey, { awaitsSegments: true });
    await tell('start');
    await world.change(awaiting, { definition: definitionOf([wait(1), send(2)]), version: 2 });
    await world.work();
    expect(await stateOf(journey.id)).toMatchObject({ awaits: true });
    await fill(OUT, anna);
    expect(await world.trace(anna)).toEqual(['entered (event start)', 'exited early 1 (segment)']);
  });
});

describe('a launch of a journey of segments', () => {
  it('begins when it is known who is in all of them, and moves nobody before', async () => {
    world.unready.add(OUT);
    world.members.set(GOLD, new Set([anna]));
    const journey = await world.journey(
      definitionOf([send(1)], { audience: ofSegments([GOLD], [OUT]) }),
      'processing',
    );
    await world.change(journey, { awaitsSegments: true });
    await world.tell(anna, 'segment', { entered: [GOLD], left: [] });
    await world.work();
    expect(await world.trace(anna)).toEqual([]);
    await fill(OUT, anna);
    expect(await world.trace(anna)).toEqual([]);
    expect(await stateOf(journey.id)).toEqual({ state: 'active', awaits: false });
    await world.putInto(anna, [GOLD]);
    await world.work();
    expect(await world.trace(anna)).toEqual(['entered (segment)', 'sent 1', 'completed']);
  });
});
