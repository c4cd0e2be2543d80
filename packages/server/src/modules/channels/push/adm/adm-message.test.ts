import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { samplePush } from '../fixtures/sample-push.ts';
import type { RenderedPush } from '../rendered-push.ts';
import { admMessageOf } from './adm-message.ts';

const messageId = '0193a000-0000-7000-8000-000000000007';
const NOW = Date.parse('2026-11-26T12:00:00Z');

type More = Partial<Omit<RenderedPush, 'fields'>>;

function written(fields: RenderedPush['fields'], more: More = {}) {
  const recipient = { subscriptionId: 's', token: 'device:1' };
  const content = samplePush(fields, { expiresAt: NOW + 60_000, ...more });
  return admMessageOf({ messageId, lane: 1, recipient, content, attempt: 1 }, NOW);
}

function messageOf(fields: RenderedPush['fields'], more: More = {}) {
  const message = written(fields, more);
  if (!message.ok) throw new Error(message.reason);
  return JSON.parse(message.body) as Readonly<Record<string, unknown>> & { data: Record<string, string> };
}

describe('the data for an Amazon device', () => {
  it.each<[string, RenderedPush['fields'], object]>([
    [
      'a group',
      { adm_group: 'orders', adm_group_message: { en: '{n} new' } },
      { grp: 'orders', grp_msg: '{n} new' },
    ],
    [
      'icons and pictures',
      {
        adm_small_icon: 's',
        adm_large_icon: 'https://x.example/l.png',
        adm_big_picture: 'https://x.example/b.png',
      },
      { sicon: 's', licon: 'https://x.example/l.png', bicon: 'https://x.example/b.png' },
    ],
    ['a picture for all', { global_image: 'https://x.example/g.png' }, { bicon: 'https://x.example/g.png' }],
    ['a sound', { adm_sound: 'bell' }, { sound: 'bell' }],
  ])('has %s', (_, fields, part) => {
    expect(messageOf(fields).data).toMatchObject(part);
  });

  it('has nothing that is meant for other platforms', () => {
    const { data } = messageOf({
      small_icon: 'a',
      android_sound: 'b',
      huawei_sound: 'c',
      android_group: 'd',
    });
    expect(Object.keys(data)).toEqual(['custom', 'title', 'alert']);
  });

  it('has the checksum of its names and texts', () => {
    const { data, md5 } = messageOf({ adm_sound: 'bell' });
    const text = `alert:${data['alert']},custom:${data['custom']},sound:bell,title:${data['title']}`;
    expect(md5).toBe(createHash('md5').update(text).digest('base64'));
  });
});

describe('the way of a message to an Amazon device', () => {
  it.each<[string, RenderedPush['fields'], More, object]>([
    ['lasts as long as the message is wanted', {}, { expiresAt: NOW + 60_001 }, { expiresAfter: 61 }],
    ['lasts 31 days at most', {}, { expiresAt: NOW + 1e10 }, { expiresAfter: 2_678_400 }],
    ['lasts a second when it is now or never', { ttl: 0 }, {}, { expiresAfter: 1 }],
    ['replaces the one before', { collapse_id: 'order-7' }, {}, { consolidationKey: 'order-7' }],
  ])('%s', (_, fields, more, part) => {
    expect(messageOf(fields, more)).toMatchObject(part);
  });
});

it('data has at most as many bytes as Amazon takes', () => {
  const used = Buffer.byteLength(JSON.stringify(messageOf({}, { body: '' }).data));
  expect(written({}, { body: 'x'.repeat(6_144 - used) }).ok).toBe(true);
  expect(written({}, { body: 'x'.repeat(6_145 - used) })).toEqual({
    ok: false,
    reason: 'the data has 6145 bytes, and Amazon takes at most 6144: shorten contents, data or addresses',
  });
});
