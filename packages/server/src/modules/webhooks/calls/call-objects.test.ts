import { expect, it } from 'vitest';
import { callObjects } from './call-objects.ts';

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
