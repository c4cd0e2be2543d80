import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

const SAID = { name: 'Order', event_updates: { state: 'packed' } };
const WORDS = { headings: { en: 'Packed' }, contents: { en: 'It leaves today' } };

test('a live activity is started through its route, and one that goes on nowhere is not found', async () => {
  const { client } = stage();
  const id = randomUUID();
  required(
    await client.users.upsert({
      identity: { external_id: id },
      subscriptions: [{ type: 'iOSPush', token: id.replaceAll('-', '').repeat(2) }],
    }),
  );
  const target = { include_aliases: { external_id: [id] } };
  const started = required(
    await client.liveActivities.start('Delivery', {
      ...SAID,
      ...WORDS,
      ...target,
      target_channel: 'push',
      activity_id: id,
      event_attributes: { order: 7 },
    }),
  );
  expect(required(await client.notifications.view(started.notification_id))).toMatchObject({ name: 'Order' });
  const failure = { ok: false, failure: { kind: 'not-found' } };
  expect(await client.liveActivities.update(id, SAID)).toMatchObject(failure);
  expect(await client.liveActivities.end(id, { ...SAID, dismissal_date: 1_900_000_000 })).toMatchObject(
    failure,
  );
});
