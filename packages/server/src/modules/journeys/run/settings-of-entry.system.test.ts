import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../platform/ids.ts';
import { NO_EXIT, definitionOf, eventTest, ofSegments, send, wait } from './fixtures/definitions.ts';
import { RunningJourneys } from './fixtures/running-journeys.ts';

const MINUTE = 60_000;
const IN = newId();
const EMPTY = newId();
const OTHER = newId();

let world: RunningJourneys;
let people = 0;

// A world each: all journeys here begin with the same event.
beforeEach(async () => {
  world = await RunningJourneys.start();
});
afterEach(() => world.end());

const somebody = async () => {
  people += 1;
  const name = `user-${people}`;
  return { name, id: await world.user(name) };
};
const tell = async (name: string, event: string) => {
  await world.events.take(world.app, [{ name: event, external_id: name }]);
  await world.work();
};
const goal = (name: string) => ({ goal: { event: eventTest(name), withinSeconds: 3_600 } });
const onEvent = (name: string) => ({ earlyExit: { ...NO_EXIT, onEvent: eventTest(name) } });

describe('settings of a journey that are changed while people are inside', () => {
  it('hold for those who come in later, while nodes hold for everybody at once', async () => {
    const journey = await world.journey(definitionOf([wait(1), send(2)], onEvent('bought')));
    const [early, later] = [await somebody(), await somebody()];
    await tell(early.name, 'start');
    const changed = definitionOf([wait(1), wait(3), send(2)], onEvent('paid'));
    await world.change(journey, { version: 2, definition: changed });
    await tell(later.name, 'start');
    await world.clock.advance(MINUTE);
    await world.work();
    const first = ['entered (event start)', 'waited 1'];
    await tell(early.name, 'paid');
    await tell(later.name, 'bought');
    expect(await world.trace(early.id)).toEqual(first);
    expect(await world.trace(later.id)).toEqual(first);
    await tell(early.name, 'bought');
    await tell(later.name, 'paid');
    const last = [...first, 'exited early 3 (event)'];
    expect(await world.trace(early.id)).toEqual(last);
    expect(await world.trace(later.id)).toEqual(last);
  });

  it('leave those inside the goal that they came in with, also where several changes came after', async () => {
    let journey = await world.journey(definitionOf([wait(1)], goal('bought')));
    const [early, middle] = [await somebody(), await somebody()];
    await tell(early.name, 'start');
    const goals = [goal('rated'), {}, goal('paid')];
    for (const [place, settings] of goals.entries()) {
      journey = await world.change(journey, {
        version: place + 2,
        definition: definitionOf([wait(1)], settings),
      });
      if (place === 0) await tell(middle.name, 'start');
    }
    for (const event of ['paid', 'rated']) await tell(early.name, event);
    for (const event of ['paid', 'bought']) await tell(middle.name, event);
    expect(await world.trace(early.id)).toEqual(['entered (event start)']);
    expect(await world.trace(middle.id)).toEqual(['entered (event start)']);
    await tell(early.name, 'bought');
    await tell(middle.name, 'rated');
    await world.clock.advance(MINUTE);
    await world.work();
    const waited = ['waited 1', 'completed'];
    expect(await world.trace(early.id)).toEqual(['entered (event start)', 'goal', ...waited]);
    expect(await world.trace(middle.id)).toEqual(['entered (event start)', 'goal', ...waited]);
  });

  it('drain a journey of segments whose audience is emptied: who is inside goes to the end', async () => {
    const rules = { ...NO_EXIT, whenNotInAudience: true };
    const journey = await world.journey(
      definitionOf([wait(1), send(2)], { audience: ofSegments([IN]), earlyExit: rules }),
    );
    const [stays, leaves, comes] = [await somebody(), await somebody(), await somebody()];
    await world.putInto(stays.id, [IN]);
    await world.putInto(leaves.id, [IN]);
    await world.work();
    const drained = definitionOf([wait(1), send(2)], { audience: ofSegments([EMPTY]) });
    await world.change(journey, { version: 2, definition: drained });
    await world.putInto(stays.id, [IN, OTHER]);
    await world.putInto(leaves.id, []);
    await world.putInto(comes.id, [IN]);
    await world.work();
    await world.clock.advance(MINUTE);
    await world.work();
    const entered = 'entered (segment)';
    expect(await world.trace(stays.id)).toEqual([entered, 'waited 1', 'sent 2', 'completed']);
    expect(await world.trace(leaves.id)).toEqual([entered, 'exited early 1 (not in audience)']);
    expect(await world.trace(comes.id)).toEqual([]);
  });
});
