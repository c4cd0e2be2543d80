import { until } from '@carillon/test-kit';
import { inEveryVoice, once } from '../case.ts';
import type { Case } from '../case.ts';
import type { Caller } from '../wire/caller.ts';
import type { Answer } from '../wire/exchange.ts';
import { absent, uuid } from '../wire/checks.ts';
import { expectAnswer, expectSentence, textAt } from '../wire/expect-answer.ts';

const TOMORROW = () => new Date(Date.now() + 86_400_000).toISOString();

/** A phone whose messages are taken and dropped. */
async function newPhone(caller: Caller) {
  await caller.call('PUT', `/apps/${caller.app}/channels/android_push`, { kind: 'null' });
  const externalId = caller.newName('phone');
  const created = await caller.call('POST', `/apps/${caller.app}/users`, {
    identity: { external_id: externalId },
    subscriptions: [{ type: 'AndroidPush', token: caller.newName('token') }],
  });
  expectAnswer(created, 201);
  const { subscriptions } = created.body as { subscriptions: readonly { id: string }[] };
  return { externalId, subscription: subscriptions[0]?.id ?? '' };
}

function completed(caller: Caller, id: string): Promise<Answer> {
  return until('the message is completed', async () => {
    const answer = await caller.call('GET', `/notifications/${id}?app_id=${caller.app}`);
    return typeof (answer.body as { completed_at?: unknown }).completed_at === 'number' ? answer : undefined;
  });
}

export const pushMessageCases: readonly Case[] = [
  inEveryVoice(
    ['createNotification', 'getNotification', 'cancelNotification'],
    'takes a push message with its fields, and shows them again',
    async (caller) => {
      const { externalId } = await newPhone(caller);
      const said = {
        headings: { en: 'Shop' },
        contents: { en: 'Hello', de: 'Hallo' },
        subtitle: { en: 'Order 7' },
        url: 'https://shop.example/orders/7',
        data: { order: 7 },
        buttons: [{ id: 'a', text: 'Show' }],
        ios_badgeType: 'Increase',
        ios_badgeCount: 1,
        ios_interruption_level: 'time_sensitive',
        android_group: 'orders',
        priority: 10,
        ttl: 3_600,
        collapse_id: 'order-7',
      };
      const created = await caller.call('POST', '/notifications', {
        app_id: caller.app,
        target_channel: 'push',
        include_aliases: { external_id: [externalId] },
        send_after: TOMORROW(),
        ...said,
      });
      expectAnswer(created, 200, { id: uuid, errors: absent });
      const path = `/notifications/${textAt(created, 'id')}?app_id=${caller.app}`;
      expectAnswer(await caller.call('GET', path), 200, { ...said, target_channel: 'push', canceled: false });
      expectAnswer(await caller.call('DELETE', path), 200);
    },
  ),
  inEveryVoice(
    ['createNotification', 'getNotification'],
    'is a push where no channel is named, and has statistics of each kind of device',
    async (caller) => {
      const { subscription } = await newPhone(caller);
      for (const way of ['include_subscription_ids', 'include_player_ids']) {
        const created = await caller.call('POST', '/notifications', {
          app_id: caller.app,
          [way]: [subscription],
          contents: { en: 'Hello' },
        });
        expectAnswer(created, 200, { id: uuid, errors: absent });
        expectAnswer(await completed(caller, textAt(created, 'id')), 200, {
          successful: 1,
          platform_delivery_stats: {
            android: { successful: 1, failed: 0, errored: 0, converted: 0, received: 0 },
          },
        });
      }
    },
  ),
  once(
    ['createNotification', 'getNotification', 'trackOpen', 'confirmReceipt'],
    'a device tells that it has shown a push message, and that it was opened',
    async (caller) => {
      const { externalId, subscription } = await newPhone(caller);
      const created = await caller.call('POST', '/notifications', {
        app_id: caller.app,
        target_channel: 'push',
        include_aliases: { external_id: [externalId] },
        contents: { en: 'Hello' },
      });
      const id = textAt(created, 'id');
      await completed(caller, id);
      const device = { app_id: caller.app, player_id: subscription, device_type: 1 };
      const shown = await caller.call('PUT', `/notifications/${id}/report_received`, device);
      expectAnswer(shown, 200, { success: true });
      const opened = await caller.call('PUT', `/notifications/${id}`, { ...device, opened: true });
      expectAnswer(opened, 200, { success: true });
      const path = `/notifications/${id}?app_id=${caller.app}`;
      expectAnswer(await caller.call('GET', path), 200, { converted: 1, received: 1 });
    },
  ),
  inEveryVoice(
    ['createNotification', 'getNotification'],
    'subscribes phone numbers that it did not know, and refuses what is none',
    async (caller) => {
      await caller.call('PUT', `/apps/${caller.app}/channels/sms`, { kind: 'null' });
      const number = `+1555${String(Date.now()).slice(-7)}`;
      const sms = { app_id: caller.app, name: 'Conformance', contents: { en: 'Hello' } };
      const created = await caller.call('POST', '/notifications', {
        ...sms,
        include_phone_numbers: [number],
      });
      expectAnswer(created, 200, { id: uuid, errors: absent });
      const view = await completed(caller, textAt(created, 'id'));
      expectAnswer(view, 200, {
        platform_delivery_stats: { sms: { successful: 1 } },
        include_phone_numbers: absent,
      });
      const wrong = await caller.call('POST', '/notifications', { ...sms, include_phone_numbers: ['12'] });
      expectSentence(wrong, 400, /^include_phone_numbers\[0\] must be a phone number/);
    },
  ),
  once(
    ['createNotification'],
    'a push or a text message without English words is refused',
    async (caller) => {
      const everyone = { app_id: caller.app, included_segments: ['Subscribed Users'] };
      for (const body of [{}, { contents: { de: 'Hallo' } }, { target_channel: 'sms', contents: {} }]) {
        const answer = await caller.call('POST', '/notifications', { ...everyone, ...body });
        expectSentence(answer, 400, 'Message Notifications must have English language content');
      }
      const two = { target_channel: 'email', isIos: true, contents: { en: 'Hello' } };
      const both = await caller.call('POST', '/notifications', { ...everyone, ...two });
      expectSentence(both, 400, /only send to one delivery channel at a time/);
    },
  ),
];
