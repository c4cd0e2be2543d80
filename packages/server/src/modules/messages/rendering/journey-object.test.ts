import { expect, it } from 'vitest';
import { journeyObject } from './journey-object.ts';

const event = (name: string, n: number) => ({ name, properties: { n }, timestamp: '2026-11-26T10:00:00Z' });

it('gives the first and the last event, and the latest of each name', () => {
  const events = [event('came', 1), event('bought', 2), event('came', 3)];
  const journey = journeyObject({ journey: { name: 'Way', events } });
  expect(journey).toMatchObject({
    name: 'Way',
    first_event: { name: 'came', properties: { n: 1 }, data: { n: 1 } },
    last_event: { properties: { n: 3 } },
    event: { came: { properties: { n: 3 } }, bought: { properties: { n: 2 } } },
  });
  expect(journey?.all_events).toHaveLength(3);
});

it.each([null, {}, { journey: 'Way' }, { journey: { name: 'Way' } }, { journey: { events: 'none' } }])(
  'is not there for a message of no journey (%j)',
  (customData) => {
    expect(journeyObject(customData)).toBeUndefined();
  },
);
