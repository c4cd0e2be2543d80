import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../platform/ids.ts';
import type { Definition } from '../definition/definition.ts';
import { NO_EXIT, ofSegments, wait } from './fixtures/definitions.ts';
import { randomDefinitions, randomHappening, randomSegments } from './fixtures/random-journeys.ts';
import { randomSettings } from './fixtures/random-settings.ts';
import { RunningJourneys } from './fixtures/running-journeys.ts';
import { Story } from './fixtures/story.ts';
import type { Event, Fault } from './fixtures/story.ts';

const faults = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Fault>('none') },
    { weight: 2, arbitrary: fc.constantFrom<Fault>('dies', 'unknown', 'frozen') },
  ),
  { maxLength: 12 },
);

const someSettings = fc.record({ kind: fc.constant('settings' as const), settings: randomSettings });

const stories = fc.array(
  fc.oneof({ weight: 6, arbitrary: randomHappening }, { weight: 2, arbitrary: someSettings }),
  { minLength: 3, maxLength: 25 },
);

let world: RunningJourneys;
let cases = 0;

beforeAll(async () => {
  world = await RunningJourneys.start();
  await world.hear();
});
afterAll(() => world.end());

/** Splits by user, because the database gives runs their ids. */
function forDatabase(definition: Definition): Definition {
  const text = JSON.stringify(definition);
  return JSON.parse(text.replaceAll('"randomizeOnEntry":true', '"randomizeOnEntry":false')) as Definition;
}

/** Plays a story to the worker and reads it aloud beside it. */
async function play(
  definition: Definition,
  happenings: readonly Event[],
  faults: readonly Fault[],
): Promise<void> {
  cases += 1;
  await world.rows('delete from journeys');
  await world.rows('update journey_version set version = version + 1');
  await world.work();
  world.members.clear();
  const name = `user-${cases}-${newId()}`;
  const userId = await world.user(name);
  const story = new Story(world, { name, userId, journey: await world.journey(definition) }, faults);
  for (const happening of happenings) await story.happen(happening);
  await story.check();
}

describe('the worker of journeys', () => {
  it('takes the steps that somebody who reads the journey would, once, whatever befalls its process', async () => {
    const property = fc.asyncProperty(randomDefinitions.map(forDatabase), stories, faults, play);
    await expect(fc.assert(property, { numRuns: 40 })).resolves.toBeUndefined();
  }, 240_000);

  it('lets whoever leaves an audience go by that of their entry, whatever it has become', async () => {
    const staying = randomDefinitions.map(forDatabase).map((definition) => ({
      ...definition,
      audience: ofSegments(['s1'], ['s3']),
      // A first node at which most stories find them.
      nodes: [wait(900, 250), ...definition.nodes],
      earlyExit: { ...NO_EXIT, whenNotInAudience: true },
    }));
    const moving = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: randomSegments },
        { weight: 2, arbitrary: someSettings },
        { weight: 1, arbitrary: randomHappening },
      ),
      { minLength: 3, maxLength: 12 },
    );
    const property = fc.asyncProperty(staying, moving, fc.constant([]), play);
    await expect(fc.assert(property, { numRuns: 30 })).resolves.toBeUndefined();
  }, 240_000);
});
