import { expect, it } from 'vitest';
import type { MappedUser } from '../../model/map-user.ts';
import { compareWithTarget } from './compare-with-target.ts';

const user = {
  key: '1',
  externalId: '1',
  properties: { tags: { plan: 'pro', old: '', same: 'yes' }, language: 'en' },
  subscriptions: [
    { type: 'Email', token: 'new@example.com', enabled: true },
    { type: 'SMS', token: '+15551234567', enabled: false },
  ],
} as unknown as MappedUser;
const there = {
  properties: { tags: { plan: 'free', old: 'x', same: 'yes' }, language: 'en' },
  subscriptions: [
    { type: 'Email', token: 'old@example.com', enabled: true },
    { type: 'SMS', token: '+15551234567', enabled: true },
  ],
} as unknown as Parameters<typeof compareWithTarget>[0];

it('tells each field that would become another, and no other', () => {
  expect(compareWithTarget(there, user)).toEqual([
    { field: 'plan', before: 'free', after: 'pro' },
    { field: 'old', before: 'x', after: null },
    { field: 'email', before: 'old@example.com', after: 'new@example.com' },
    { field: 'sms.enabled', before: 'true', after: 'false' },
  ]);
});
