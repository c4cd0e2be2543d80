import { describe, expect, it } from 'vitest';
import { samplePush } from '../fixtures/sample-push.ts';
import type { RenderedPush } from '../rendered-push.ts';
import { fcmDataOf } from './fcm-data.ts';
import { fcmMessageOf } from './fcm-message.ts';

const messageId = '0193a000-0000-7000-8000-000000000007';
const NOW = Date.parse('2026-11-26T12:00:00Z');

function envelopeOf(fields: RenderedPush['fields'], more: Partial<Omit<RenderedPush, 'fields'>> = {}) {
  const recipient = { subscriptionId: 's', token: 'device:1' };
  return { messageId, lane: 1, recipient, content: samplePush(fields, more), attempt: 1 };
}

const plain = { custom: `{"i":"${messageId}"}`, title: 'Größe & Ordnung', alert: 'Your order is on its way' };

describe('the data for an Android device', () => {
  it('of a plain message has its words and its id', () => {
    expect(fcmDataOf(envelopeOf({}))).toEqual(plain);
  });

  it.each<[string, RenderedPush['fields'], object]>([
    ['a priority', { priority: 10 }, { pri: '10' }],
    ['a group', { android_group: 'orders' }, { grp: 'orders' }],
    [
      'the summary of a group',
      { android_group_message: { de: '{n} neue', en: '{n} new' } },
      { grp_msg: '{n} new' },
    ],
    ['the only summary of a group', { android_group_message: { de: '{n} neue' } }, { grp_msg: '{n} neue' }],
    [
      'icons and pictures',
      { small_icon: 'ic_bag', large_icon: 'https://x.example/l.png', big_picture: 'https://x.example/b.png' },
      { sicon: 'ic_bag', licon: 'https://x.example/l.png', bicon: 'https://x.example/b.png' },
    ],
    ['a picture for all', { global_image: 'https://x.example/g.png' }, { bicon: 'https://x.example/g.png' }],
    [
      'colours',
      { android_accent_color: 'FF00FF00', android_led_color: 'FFFF0000' },
      { bgac: 'FF00FF00', ledc: 'FFFF0000' },
    ],
    ['a visibility of 0', { android_visibility: 0 }, { vis: '0' }],
    ['a sound', { android_sound: 'bell' }, { sound: 'bell' }],
    ['silence', { android_sound: 'nil' }, { sound: 'nil' }],
    ['a channel', { android_channel_id: 'c1' }, { oth_chnl: 'c1' }],
    [
      'the app’s own channel, which wins',
      { android_channel_id: 'c1', existing_android_channel_id: 'c2' },
      { oth_chnl: 'c2' },
    ],
    [
      'a background',
      { android_background_layout: { image: 'https://x.example/bg.png', headings_color: 'FFFFFFFF' } },
      { bg_img: '{"img":"https://x.example/bg.png","tc":"FFFFFFFF"}' },
    ],
    [
      'buttons',
      {
        buttons: [
          { id: 'yes', text: 'Yes', icon: 'tick' },
          { id: 'no', text: 'No' },
        ],
      },
      { o: '[{"i":"yes","n":"Yes","p":"tick"},{"i":"no","n":"No"}]' },
    ],
    [
      'data and an address',
      { data: { order: 7 }, url: 'https://shop.example', app_url: 'shop://orders' },
      { custom: JSON.stringify({ i: messageId, a: { order: 7 }, u: 'shop://orders' }) },
    ],
  ])('has %s', (_, fields, part) => {
    expect(fcmDataOf(envelopeOf(fields))).toEqual({ ...plain, ...part });
  });

  it('names the template', () => {
    const template = { id: 'T', name: 'Welcome' };
    expect(fcmDataOf(envelopeOf({}, { template })).custom).toBe(
      JSON.stringify({ i: messageId, ti: 'T', tn: 'Welcome' }),
    );
  });

  it('that only wakes the app has no words', () => {
    const content = { title: null, body: null };
    expect(fcmDataOf(envelopeOf({ content_available: true }, content))).toEqual({ custom: plain.custom });
  });
});

function androidOf(
  fields: RenderedPush['fields'],
  more: Partial<Omit<RenderedPush, 'fields'>> = {},
): unknown {
  const message = fcmMessageOf(envelopeOf(fields, more), NOW);
  if (!message.ok) throw new Error(message.reason);
  return (JSON.parse(message.body) as { message: { android: unknown } }).message.android;
}

describe('the way of a message to an Android device', () => {
  const silence = { title: null, body: null };
  it.each<[string, RenderedPush['fields'], Partial<Omit<RenderedPush, 'fields'>>, object]>([
    ['is urgent', {}, {}, { priority: 'HIGH' }],
    ['is not urgent when the request says so', { priority: 5 }, {}, { priority: 'NORMAL' }],
    ['is not urgent when nothing is shown', { content_available: true }, silence, { priority: 'NORMAL' }],
    [
      'is urgent when the request says so',
      { content_available: true, priority: 10 },
      silence,
      { priority: 'HIGH' },
    ],
    ['lasts as long as the message is wanted', {}, { expiresAt: NOW + 60_001 }, { ttl: '61s' }],
    ['lasts four weeks at most', {}, { expiresAt: NOW + 1e10 }, { ttl: '2419200s' }],
    ['does not wait when it is late', {}, { expiresAt: NOW - 1 }, { ttl: '0s' }],
    ['does not wait when it must not', { ttl: 0 }, {}, { ttl: '0s' }],
    ['replaces the one before', { collapse_id: 'order-7' }, {}, { collapse_key: 'order-7' }],
  ])('%s', (_, fields, more, android) => {
    expect(androidOf(fields, more)).toMatchObject(android);
  });
});

const withBody = (bytes: number) => fcmMessageOf(envelopeOf({}, { body: 'x'.repeat(bytes) }), NOW);

it('data has at most as many bytes as FCM takes', () => {
  const used = Buffer.byteLength(`custom${plain.custom}title${plain.title}alert`);
  expect(withBody(4_096 - used).ok).toBe(true);
  expect(withBody(4_097 - used)).toEqual({
    ok: false,
    reason: 'the data has 4097 bytes, and FCM takes at most 4096: shorten contents, data or addresses',
  });
});
