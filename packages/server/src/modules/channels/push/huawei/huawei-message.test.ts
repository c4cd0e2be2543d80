import { describe, expect, it } from 'vitest';
import { samplePush } from '../fixtures/sample-push.ts';
import type { RenderedPush } from '../rendered-push.ts';
import { huaweiMessageOf } from './huawei-message.ts';

const messageId = '0193a000-0000-7000-8000-000000000007';
const NOW = Date.parse('2026-11-26T12:00:00Z');
const SILENCE = { title: null, body: null };

type More = Partial<Omit<RenderedPush, 'fields'>>;

function written(fields: RenderedPush['fields'], more: More = {}) {
  const recipient = { subscriptionId: 's', token: 'device:1' };
  const content = samplePush(fields, { expiresAt: NOW + 60_000, ...more });
  return huaweiMessageOf({ messageId, lane: 1, recipient, content, attempt: 1 }, NOW);
}

function messageOf(fields: RenderedPush['fields'], more: More = {}) {
  const message = written(fields, more);
  if (!message.ok) throw new Error(message.reason);
  return JSON.parse(message.text) as {
    data: string;
    android: { notification?: Readonly<Record<string, unknown>>; [name: string]: unknown };
  };
}

const custom = (more: object = {}) => JSON.stringify({ i: messageId, ...more });

describe('what a Huawei device shows', () => {
  it.each<[string, RenderedPush['fields'], object]>([
    ['its own icon', { huawei_small_icon: '/drawable/bag' }, { icon: '/drawable/bag' }],
    [
      'one picture, the large icon first',
      { huawei_large_icon: 'https://x.example/l.png', huawei_big_picture: 'https://x.example/b.png' },
      { image: 'https://x.example/l.png' },
    ],
    [
      'the big picture',
      { huawei_big_picture: 'https://x.example/b.png' },
      { image: 'https://x.example/b.png' },
    ],
    [
      'the picture for all',
      { global_image: 'https://x.example/g.png' },
      { image: 'https://x.example/g.png' },
    ],
    ['a colour without its opacity', { huawei_accent_color: 'FF00aa0C' }, { color: '#00aa0C' }],
    [
      'a light',
      { huawei_led_color: 'FFFF0000' },
      {
        light_settings: {
          color: { alpha: 1, red: 1, green: 0, blue: 0 },
          light_on_duration: '1s',
          light_off_duration: '1s',
        },
      },
    ],
    ['everything to everybody', { huawei_visibility: 1 }, { visibility: 'PUBLIC' }],
    ['nothing private', { huawei_visibility: 0 }, { visibility: 'PRIVATE' }],
    ['nothing at all', { huawei_visibility: -1 }, { visibility: 'SECRET' }],
    ['a channel', { huawei_channel_id: 'c1' }, { channel_id: 'c1' }],
    [
      'the app’s own channel, which wins',
      { huawei_channel_id: 'c1', huawei_existing_channel_id: 'c2' },
      { channel_id: 'c2' },
    ],
    ['the usual sound', {}, { default_sound: true }],
    ['a sound of the app', { huawei_sound: 'bell' }, { default_sound: false, sound: '/raw/bell' }],
    ['a sound by its path', { huawei_sound: '/raw/bell' }, { default_sound: false, sound: '/raw/bell' }],
    ['no sound', { huawei_sound: 'nil' }, { default_sound: false }],
    ['a group', { android_group: 'orders' }, { group: 'orders' }],
    ['the place of the one before', { collapse_id: 'order-7' }, { tag: 'order-7' }],
    [
      'a badge that counts on',
      { huawei_badge_class: 'com.example.Main', huawei_badge_add_num: 2 },
      { badge: { class: 'com.example.Main', add_num: 2 } },
    ],
    [
      'a badge that is set, which wins',
      { huawei_badge_set_num: 0, huawei_badge_add_num: 2 },
      { badge: { set_num: 0 } },
    ],
    [
      'buttons',
      { buttons: [{ id: 'yes', text: 'Yes' }] },
      { buttons: [{ name: 'Yes', action_type: 0, data: '{"actionId":"yes"}' }] },
    ],
    [
      'a page, after a tap',
      { url: 'https://shop.example/7' },
      { click_action: { type: 2, url: 'https://shop.example/7' } },
    ],
    [
      'a place in an app, after a tap',
      { url: 'https://shop.example/7', app_url: 'shop://orders/7?a=b' },
      {
        click_action: {
          type: 1,
          intent: `intent://orders/7?a=b#Intent;scheme=shop;S.custom=${encodeURIComponent(custom({ u: 'shop://orders/7?a=b' }))};end`,
        },
      },
    ],
    ['the app, after a tap on what is no address', { app_url: 'orders' }, { click_action: { type: 3 } }],
  ])('has %s', (_, fields, part) => {
    expect(messageOf(fields).android.notification).toMatchObject(part);
  });

  it('is of marketing unless the request says what it is of', () => {
    expect(messageOf({}).android).toMatchObject({ category: 'MARKETING', ttl: '60s' });
    expect(messageOf({ huawei_category: 'EXPRESS', huawei_bi_tag: 'autumn' }).android).toMatchObject({
      category: 'EXPRESS',
      bi_tag: 'autumn',
    });
  });

  it('needs a title', () => {
    expect(written({}, { title: null })).toEqual({
      ok: false,
      reason: 'Huawei shows no message without a title: add headings, or set huawei_msg_type to "data"',
    });
  });

  it.each([
    ['as long as the message is wanted', {}, { expiresAt: NOW + 60_001 }, '61s'],
    ['for 15 days at most', {}, { expiresAt: NOW + 1e10 }, '1296000s'],
    ['for a second when it is now or never', { ttl: 0 }, {}, '1s'],
  ])('is kept %s', (_, fields, more, ttl) => {
    expect(messageOf(fields, more).android['ttl']).toBe(ttl);
  });
});

describe('a message of data alone', () => {
  it('has what the app’s SDK shows by itself', () => {
    const message = messageOf({
      huawei_msg_type: 'data',
      huawei_small_icon: 'bag',
      huawei_accent_color: 'FF00FF00',
      huawei_channel_id: 'c1',
      data: { order: 7 },
      priority: 10,
    });
    expect(message.android).toEqual({ ttl: '60s', urgency: 'HIGH' });
    expect(JSON.parse(message.data)).toEqual({
      custom: custom({ a: { order: 7 } }),
      title: 'Größe & Ordnung',
      alert: 'Your order is on its way',
      pri: '10',
      sicon: 'bag',
      bgac: 'FF00FF00',
      oth_chnl: 'c1',
    });
  });

  it('is what only wakes the app, and it is not urgent', () => {
    const message = messageOf({ content_available: true }, SILENCE);
    expect(message).toEqual({
      data: JSON.stringify({ custom: custom() }),
      android: { ttl: '60s', urgency: 'NORMAL' },
    });
  });
});

it('a message has at most as many bytes as Huawei takes', () => {
  const used = Buffer.byteLength(JSON.stringify(messageOf({}, { body: '' })));
  expect(written({}, { body: 'x'.repeat(4_096 - used) }).ok).toBe(true);
  expect(written({}, { body: 'x'.repeat(4_097 - used) })).toEqual({
    ok: false,
    reason: 'the message has 4097 bytes, and Huawei takes at most 4096: shorten contents, data or addresses',
  });
});
