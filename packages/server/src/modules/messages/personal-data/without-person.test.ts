import { expect, it } from 'vitest';
import { namesOf, withoutTargets, withoutUnreached } from './without-person.ts';

const USER = '11111111-1111-4111-8111-111111111111';
const DEVICE = '22222222-2222-4222-8222-222222222222';
const names = namesOf([
  {
    appId: 'app',
    users: [{ lane: 17, userId: USER }],
    subscriptions: [{ id: DEVICE, lanes: [17] }],
    aliases: [{ label: 'external_id', value: '42' }],
    addresses: ['anna@example.com'],
  },
]);

it('somebody is taken out of the targets of a request, under each name it may have', () => {
  const request = {
    include_aliases: { external_id: ['41', '42'], crm_id: ['42'], onesignal_id: [USER.toUpperCase()] },
    email_subject: 'Hello 42',
  };
  expect(withoutTargets(request, names)).toEqual({
    include_aliases: { external_id: ['41'], crm_id: ['42'], onesignal_id: [] },
    email_subject: 'Hello 42',
  });
  expect(withoutTargets({ include_subscription_ids: [DEVICE, 'other'] }, names)).toEqual({
    include_subscription_ids: ['other'],
  });
});

it('somebody is taken out of the filters that name an address, and the filters stay', () => {
  const other = { field: 'email', value: 'ben@example.com' };
  const tag = { field: 'tag', key: 'email', relation: '=', value: 'anna@example.com' };
  const request = {
    filters: [{ field: 'email', value: ' Anna@Example.com' }, { operator: 'OR' }, other, tag],
  };
  expect(withoutTargets(request, names)).toEqual({
    filters: [{ field: 'email', value: '' }, { operator: 'OR' }, other, tag],
  });
  expect(withoutTargets({ filters: [other, tag] }, names)).toEqual({ filters: [other, tag] });
});

it('a request that does not name them stays as it is', () => {
  const request = { include_aliases: { external_id: ['41'] }, included_segments: ['All'] };
  expect(withoutTargets(request, names)).toBe(request);
});

it('an answer tells no more that they could not be reached', () => {
  const answer = {
    id: 'm',
    errors: { invalid_aliases: { external_id: ['42', '43'] }, invalid_player_ids: [DEVICE] },
  };
  expect(withoutUnreached(answer, names)).toEqual({
    id: 'm',
    errors: { invalid_aliases: { external_id: ['43'] }, invalid_player_ids: [] },
  });
  const byAddress = {
    id: 'm',
    errors: { invalid_email_tokens: ['anna@example.com'], invalid_external_user_ids: ['41', '42'] },
  };
  expect(withoutUnreached(byAddress, names)).toEqual({
    id: 'm',
    errors: { invalid_email_tokens: [], invalid_external_user_ids: ['41'] },
  });
  const others = { id: '', errors: ['All included players are not subscribed'] };
  expect(withoutUnreached(others, names)).toBe(others);
});
