import { describe, expect, it } from 'vitest';
import { samplePush } from '../fixtures/sample-push.ts';
import type { RenderedPush } from '../rendered-push.ts';
import { apnsPayloadOf, isSilent } from './apns-payload.ts';

const messageId = '0193a000-0000-7000-8000-000000000007';

function payloadOf(fields: RenderedPush['fields'], more: Partial<Omit<RenderedPush, 'fields'>> = {}) {
  const payload = apnsPayloadOf({
    messageId,
    lane: 1,
    recipient: { subscriptionId: 's', token: 't' },
    content: samplePush(fields, more),
    attempt: 1,
  });
  // As a device reads it: what is undefined is not there.
  return JSON.parse(JSON.stringify(payload)) as unknown;
}

const WORDS = { title: 'Größe & Ordnung', body: 'Your order is on its way' };
const plain = { alert: WORDS, sound: 'default', 'mutable-content': 1 };

describe('the payload for an Apple device', () => {
  it('of a plain message has its words, a sound and its id', () => {
    expect(payloadOf({})).toEqual({ aps: plain, custom: { i: messageId } });
  });

  it.each<[string, RenderedPush['fields'], object]>([
    ['a sound', { ios_sound: 'bell.caf' }, { ...plain, sound: 'bell.caf' }],
    ['silence', { ios_sound: 'nil' }, { alert: WORDS, 'mutable-content': 1 }],
    [
      'a critical sound',
      { ios_interruption_level: 'critical', ios_sound: 'siren.caf' },
      { ...plain, 'interruption-level': 'critical', sound: { critical: 1, name: 'siren.caf', volume: 1 } },
    ],
    [
      'an interruption level',
      { ios_interruption_level: 'time_sensitive' },
      { ...plain, 'interruption-level': 'time-sensitive' },
    ],
    ['a relevance', { ios_relevance_score: 0 }, { ...plain, 'relevance-score': 0 }],
    ['a badge', { ios_badgeType: 'SetTo', ios_badgeCount: 0 }, { ...plain, badge: 0 }],
    ['no badge', { ios_badgeType: 'None', ios_badgeCount: 3 }, plain],
    ['a category', { ios_category: 'order' }, { ...plain, category: 'order' }],
    ['a thread', { thread_id: 'orders' }, { ...plain, 'thread-id': 'orders' }],
    [
      'a summary',
      { summary_arg: 'Shop', summary_arg_count: 2 },
      { ...plain, alert: { ...WORDS, 'summary-arg': 'Shop', 'summary-arg-count': 2 } },
    ],
    ['a scene', { target_content_identifier: 'orders' }, { ...plain, 'target-content-id': 'orders' }],
    [
      'texts of the app',
      { apns_alert: { 'loc-key': 'ORDER', 'loc-args': ['7'], title: 'Order' } },
      { ...plain, alert: { ...WORDS, title: 'Order', 'loc-key': 'ORDER', 'loc-args': ['7'] } },
    ],
    ['a wake-up beside words', { content_available: true }, { ...plain, 'content-available': 1 }],
    ['mutable_content false, which cannot be had', { mutable_content: false }, plain],
  ])('has %s', (_, fields, aps) => {
    expect(payloadOf(fields)).toEqual({ aps, custom: { i: messageId } });
  });

  it.each<[string, RenderedPush['fields'], object]>([
    ['data', { data: { order: 7 } }, { custom: { i: messageId, a: { order: 7 } } }],
    ['an address', { url: 'https://shop.example' }, { custom: { i: messageId, u: 'https://shop.example' } }],
    [
      'an address for apps, which wins',
      { url: 'https://shop.example', app_url: 'shop://orders', web_url: 'https://web.example' },
      { custom: { i: messageId, u: 'shop://orders' } },
    ],
    [
      'a step of the badge',
      { ios_badgeType: 'Increase', ios_badgeCount: -1 },
      { custom: { i: messageId, badge_inc: -1 } },
    ],
    ['a collapse id', { collapse_id: 'order-7' }, { custom: { i: messageId, collapse_id: 'order-7' } }],
    [
      'pictures',
      { ios_attachments: { a: 'https://x.example/a.png' } },
      { att: { a: 'https://x.example/a.png' } },
    ],
    [
      'a picture for all',
      { global_image: 'https://x.example/g.png' },
      { att: { image: 'https://x.example/g.png' } },
    ],
    [
      'buttons',
      {
        buttons: [
          { id: 'yes', text: 'Yes', icon: 'tick' },
          { id: 'no', text: 'No' },
        ],
      },
      {
        buttons: [
          { i: 'yes', n: 'Yes', p: 'tick' },
          { i: 'no', n: 'No' },
        ],
      },
    ],
    ['nothing for no buttons', { buttons: [] }, {}],
  ])('has %s for the app’s SDK', (_, fields, part) => {
    expect(payloadOf(fields)).toEqual({ aps: plain, custom: { i: messageId }, ...part });
  });

  it('names the template', () => {
    expect(payloadOf({}, { template: { id: 'T', name: 'Welcome' } })).toEqual({
      aps: plain,
      custom: { i: messageId, ti: 'T', tn: 'Welcome' },
    });
  });

  it('has a subtitle', () => {
    expect(payloadOf({}, { subtitle: 'Order 7' })).toMatchObject({ aps: { alert: { subtitle: 'Order 7' } } });
  });
});

describe('a message that only wakes the app', () => {
  const silence = { title: null, body: null };
  const silent = (fields: RenderedPush['fields']) =>
    isSilent(
      apnsPayloadOf({
        messageId,
        lane: 1,
        recipient: { subscriptionId: 's', token: 't' },
        content: samplePush({ content_available: true, ...fields }, silence),
        attempt: 1,
      }),
    );

  it('has nothing to show, to play or to count', () => {
    expect(payloadOf({ content_available: true }, silence)).toEqual({
      aps: { 'content-available': 1 },
      custom: { i: messageId },
    });
    expect(silent({})).toBe(true);
    expect(silent({ ios_badgeType: 'Increase', ios_badgeCount: 1 })).toBe(true);
  });

  it.each<[string, RenderedPush['fields']]>([
    ['a sound', { ios_sound: 'bell.caf' }],
    ['a badge', { ios_badgeType: 'SetTo', ios_badgeCount: 2 }],
    ['texts of the app', { apns_alert: { 'loc-key': 'ORDER' } }],
  ])('is none with %s', (_, fields) => {
    expect(silent(fields)).toBe(false);
  });
});
