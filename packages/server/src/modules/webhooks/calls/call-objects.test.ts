import { expect, it } from 'vitest';
import { callObjects, eventObjects } from './call-objects.ts';

const event = (name: string, n: number) => ({ name, properties: { n }, timestamp: '2026-11-26T12:00:00Z' });
const shown = (name: string, n: number) => ({ ...event(name, n), data: { n } });

it('shows events of a journey as the first, the last, the latest of each name, and all', () => {
  const events = [event('cart', 1), event('paid', 2), event('cart', 3)];
  expect(eventObjects(events)).toEqual({
    first_event: shown('cart', 1),
    last_event: shown('cart', 3),
    event: { cart: shown('cart', 3), paid: shown('paid', 2) },
    all_events: [shown('cart', 1), shown('paid', 2), shown('cart', 3)],
  });
  expect(eventObjects([])).toEqual({ first_event: {}, last_event: {}, event: {}, all_events: [] });
});

it('shows tags under their bare names, and never in the place of an object', () => {
  const person = {
    userId: 'u',
    externalId: null,
    language: 'en',
    timezoneId: null,
    country: null,
    tags: { plan: 'pro', journey: 'mine' },
    subscriptions: [],
  };
  const names = { app: { id: 'a', name: 'Shop' }, org: { id: 'o', name: 'Org' } };
  const origin = { journey_id: 'j', node_id: 'n', run_id: 'r' };
  const objects = callObjects(names, person, origin, { journey: { name: 'Cart', events: [] } });
  expect(objects).toMatchObject({
    plan: 'pro',
    user: { onesignal_id: 'u', external_id: '', tags: { plan: 'pro', journey: 'mine' }, subscription: {} },
    journey: { id: 'j', node_id: 'n', run_id: 'r', name: 'Cart' },
  });
});
