import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../platform/ids.ts';
import type { Definition } from '../definition/definition.ts';
import { randomDefinitions, randomHappening } from './fixtures/random-journeys.ts';
import { randomSettings } from './fixtures/random-settings.ts';
import { RunningJourneys } from './fixtures/running-journeys.ts';
import { Story } from './fixtures/story.ts';
import type { Fault } from './fixtures/story.ts';

const faults = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Fault>('none') },
    { weight: 2, arbitrary: fc.constantFrom<Fault>('dies', 'unknown', 'frozen') },
  ),
  { maxLength: 12 },
);

const stories = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: randomHappening },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('settings' as const), settings: randomSettings }),
    },
  ),
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

describe('the worker of journeys', () => {
  it('takes the steps that somebody who reads the journey would, once, whatever befalls its process', async () => {
    const property = fc.asyncProperty(
      randomDefinitions.map(forDatabase),
      stories,
      faults,
      async (definition, happenings, faults) => {
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
      },
    );
    await expect(fc.assert(property, { numRuns: 40 })).resolves.toBeUndefined();
  }, 240_000);
});
