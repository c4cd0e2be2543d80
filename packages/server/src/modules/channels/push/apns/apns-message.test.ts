import { describe, expect, it } from 'vitest';
import { isUuid } from '../../../../platform/ids.ts';
import { samplePush } from '../fixtures/sample-push.ts';
import type { RenderedPush } from '../rendered-push.ts';
import type { ApnsSettings } from './apns-account.ts';
import { apnsIdOf, apnsMessageOf } from './apns-message.ts';

const settings: ApnsSettings = {
  kind: 'apns',
  key: '',
  keyId: 'ABC123DEFG',
  teamId: 'DEF123GHIJ',
  bundleId: 'com.example.shop',
  environment: 'production',
  address: { kind: 'provider' },
};

function headersOf(fields: RenderedPush['fields'], more: Partial<Omit<RenderedPush, 'fields'>> = {}) {
  const message = messageOf(fields, more);
  if (!message.ok) throw new Error(message.reason);
  return message.headers;
}

function messageOf(fields: RenderedPush['fields'], more: Partial<Omit<RenderedPush, 'fields'>> = {}) {
  const recipient = { subscriptionId: 's', token: 't' };
  return apnsMessageOf(
    { messageId: 'm', lane: 1, recipient, content: samplePush(fields, more), attempt: 1 },
    settings,
  );
}

describe('the headers of a push for an Apple device', () => {
  it.each<[string, RenderedPush['fields'], object]>([
    ['a priority of 10', {}, { 'apns-priority': '10', 'apns-push-type': 'alert' }],
    ['the priority that is asked for', { priority: 5 }, { 'apns-priority': '5' }],
    ['no wait where the message is worth something only now', { ttl: 0 }, { 'apns-expiration': '0' }],
    ['its collapse id', { collapse_id: 'order-7' }, { 'apns-collapse-id': 'order-7' }],
    [
      'a hash of a collapse id that no header can have',
      { collapse_id: 'größe' },
      { 'apns-collapse-id': expect.stringMatching(/^[\w-]{43}$/) },
    ],
    [
      'the topic of calls',
      { apns_push_type_override: 'voip' },
      { 'apns-topic': 'com.example.shop.voip', 'apns-push-type': 'voip' },
    ],
  ])('have %s', (_, fields, headers) => {
    expect(headersOf(fields)).toMatchObject(headers);
  });

  it('say in whole seconds when nobody wants it any more', () => {
    expect(headersOf({}, { expiresAt: 1_800_000_000_001 })['apns-expiration']).toBe('1800000001');
  });

  it('name the delivery by an id of its own', () => {
    const id = apnsIdOf('m', 's');
    expect(headersOf({})['apns-id']).toBe(id);
    expect(isUuid(id)).toBe(true);
    expect(new Set([id, apnsIdOf('m', 's2'), apnsIdOf('m2', 's')]).size).toBe(3);
  });
});

it('a payload has at most as many bytes as Apple takes, more for calls', () => {
  const room = 4_096 - Buffer.byteLength(JSON.stringify(bodyOf('')));
  expect(messageOf({}, { body: 'x'.repeat(room) }).ok).toBe(true);
  expect(messageOf({}, { body: 'x'.repeat(room + 1) })).toEqual({
    ok: false,
    reason: 'the payload has 4097 bytes, and Apple takes at most 4096: shorten contents, data or addresses',
  });
  expect(messageOf({ apns_push_type_override: 'voip' }, { body: 'x'.repeat(room + 1_024) }).ok).toBe(true);
});

function bodyOf(body: string): unknown {
  const message = messageOf({}, { body });
  if (!message.ok) throw new Error(message.reason);
  return JSON.parse(message.body);
}
