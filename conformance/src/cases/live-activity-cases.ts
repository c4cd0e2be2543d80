import { randomBytes, randomUUID } from 'node:crypto';
import { inEveryVoice, onEveryDevice, once } from '../case.ts';
import type { Case } from '../case.ts';
import { exactly, uuid } from '../wire/checks.ts';
import type { Caller } from '../wire/caller.ts';
import { expectAnswer, expectSentence, textAt } from '../wire/expect-answer.ts';
import { openFirst } from './devices/first-open.ts';

const STATE = { status: 'packed' };
const TOKEN = 'ab'.repeat(40);

/** An iPhone that takes live activities of a type, and its owner's external id. */
async function newPhone(caller: Caller, activity: { readonly type?: string; readonly id?: string }) {
  const externalId = caller.newName('phone');
  await caller.call('PUT', `/apps/${caller.app}/channels/ios_push`, { kind: 'null' });
  const created = await caller.call('POST', `/apps/${caller.app}/users`, {
    identity: { external_id: externalId },
    subscriptions: [{ type: 'iOSPush', token: randomBytes(32).toString('hex') }],
  });
  expectAnswer(created, 201);
  const { subscriptions } = created.body as { subscriptions: readonly { id: string }[] };
  const id = subscriptions[0]?.id ?? '';
  if (activity.type !== undefined) {
    const path = `/apps/${caller.app}/activities/tokens/start/${activity.type}/subscriptions/${id}`;
    expectAnswer(await caller.call('PUT', path, { activity_token: TOKEN, device_type: 0 }), 204);
  }
  if (activity.id !== undefined) {
    const body = { subscription_id: id, push_token: TOKEN, device_type: 0 };
    expectAnswer(
      await caller.call('POST', `/apps/${caller.app}/live_activities/${activity.id}/token`, body),
      204,
    );
  }
  return externalId;
}

const startOf = (caller: Caller, externalId: string) => ({
  event: 'start',
  activity_id: caller.newName('activity'),
  event_attributes: { order: 7 },
  event_updates: STATE,
  name: 'Delivery',
  headings: { en: 'Packed' },
  contents: { en: 'It leaves today' },
  include_aliases: { external_id: [externalId] },
  target_channel: 'push',
});

export const liveActivityCases: readonly Case[] = [
  inEveryVoice(
    ['startLiveActivity'],
    'starts an activity with 201, once for an idempotency key',
    async (caller) => {
      const type = caller.newName('Type');
      const externalId = await newPhone(caller, { type });
      const path = `/apps/${caller.app}/activities/activity/${type}`;
      const body = { ...startOf(caller, externalId), idempotency_key: randomUUID() };
      const first = await caller.call('POST', path, body);
      expectAnswer(first, 201, exactly({ notification_id: uuid }));
      const again = await caller.call('POST', path, body);
      expectAnswer(again, 201, exactly({ notification_id: textAt(first, 'notification_id') }));
      if (again.headers['idempotent-replayed'] !== 'true') throw new Error('not told as a repetition');
    },
  ),
  inEveryVoice(['updateLiveActivity'], 'changes and ends an activity with 201', async (caller) => {
    const id = caller.newName('activity');
    await newPhone(caller, { id });
    const path = `/apps/${caller.app}/live_activities/${id}/notifications`;
    const said = {
      event_updates: STATE,
      name: 'Delivery',
      contents: { en: 'On its way' },
      headings: { en: 'Soon' },
    };
    expectAnswer(await caller.call('POST', path, { event: 'update', ...said }), 201, exactly({ id: uuid }));
    const end = { event: 'end', ...said, dismissal_date: 1_900_000_000, priority: 10, ios_sound: 'bell' };
    expectAnswer(await caller.call('POST', path, end), 201, exactly({ id: uuid }));
  }),
  once(['updateLiveActivity'], 'answers 404 for an activity that goes on nowhere', async (caller) => {
    const path = `/apps/${caller.app}/live_activities/${caller.newName('none')}/notifications`;
    const answer = await caller.call('POST', path, { event: 'end', event_updates: STATE, name: 'x' });
    expectSentence(answer, 404, 'activity_id not found in this app');
  }),
  once(['startLiveActivity'], 'refuses a start without English words', async (caller) => {
    const externalId = await newPhone(caller, {});
    const path = `/apps/${caller.app}/activities/activity/Delivery`;
    const answer = await caller.call('POST', path, { ...startOf(caller, externalId), contents: {} });
    expectSentence(answer, 400, 'Message Notifications must have English language content');
  }),
  onEveryDevice(
    [
      'addLiveActivityStartToken',
      'removeLiveActivityStartToken',
      'addLiveActivityToken',
      'removeLiveActivityToken',
    ],
    'takes the tokens of a device’s live activities and takes them back, with 204',
    async ({ device }) => {
      const { subscriptionId } = await openFirst(device);
      const start = `activities/tokens/start/Delivery/subscriptions/${subscriptionId}`;
      expectAnswer(await device.call('PUT', start, { activity_token: TOKEN, device_type: 0 }), 204);
      expectAnswer(await device.call('DELETE', start), 204);
      const update = 'live_activities/order-7/token';
      const body = { subscription_id: subscriptionId, push_token: TOKEN, device_type: 0 };
      expectAnswer(await device.call('POST', update, body), 204);
      expectAnswer(await device.call('DELETE', `${update}/${subscriptionId}`), 204);
    },
  ),
];
