import type { FeedEvent } from '@carillon/wire';
import { describe, expect, it } from 'vitest';
import { createEventFilter } from './event-filter.ts';

const event: FeedEvent = {
  id: 'e',
  kind: 'message.email.opened',
  at: '2026-11-26T12:00:00.000Z',
  message_id: 'm',
  message_name: 'Welcome',
  template_id: null,
  subscription_id: 's',
  onesignal_id: 'u',
  external_id: null,
  channel: 'email',
  address: null,
  reason: null,
  url: null,
};

describe('a filter of events', () => {
  it.each([
    [{}, true],
    [{ kinds: ['message.email.opened'] }, true],
    [{ kinds: ['message.email.*'] }, true],
    [{ kinds: ['message.email.open'] }, false],
    [{ kinds: ['message.push.*', 'message.sms.sent'] }, false],
    [{ channels: ['push', 'email'] }, true],
    [{ channels: ['push'] }, false],
    [{ message_ids: ['m'], message_names: ['Welcome'] }, true],
    [{ message_ids: ['m'], message_names: ['Goodbye'] }, false],
    [{ template_ids: ['t'] }, false],
  ] as const)('%j lets an opened email through: %s', (filters, passes) => {
    expect(createEventFilter(filters)(event)).toBe(passes);
  });

  it.each([
    [{}, false],
    [{ kinds: ['custom_event'] }, true],
    [{ kinds: ['*'] }, true],
    [{ kinds: ['*'], channels: ['email'] }, false],
  ] as const)('%j lets a custom event through: %s', (filters, passes) => {
    const custom = { ...event, kind: 'custom_event', channel: null, message_id: null };
    expect(createEventFilter(filters)(custom)).toBe(passes);
  });
});
