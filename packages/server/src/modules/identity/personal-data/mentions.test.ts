import { expect, it } from 'vitest';
import { mentionsOf } from './mentions.ts';

const USER = '11111111-1111-4111-8111-111111111111';
const DEVICE = '22222222-2222-4222-8222-222222222222';
const mentions = mentionsOf([
  {
    appId: 'app',
    users: [{ lane: 17, userId: USER }],
    subscriptions: [{ id: DEVICE, lanes: [17] }],
    aliases: [{ label: 'external_id', value: '42' }],
    addresses: ['anna@example.com'],
  },
]);

it('everything is looked for by which somebody may be named', () => {
  expect(mentions.texts.toSorted()).toEqual([USER, DEVICE, '42', 'anna@example.com']);
});

it('addresses and ids are taken out wherever they are, with the entry of a list that holds them', () => {
  expect(
    mentions.without({
      subscriptions: [
        { type: 'Email', token: 'anna@example.com', enabled: true },
        { type: 'Email', token: 'ben@example.com' },
      ],
      subscription_id: DEVICE,
      to: USER,
      tags: { plan: 'gold' },
    }),
  ).toEqual({ subscriptions: [{ type: 'Email', token: 'ben@example.com' }], tags: { plan: 'gold' } });
});

it('the value of an alias is taken out under its label, and stays elsewhere', () => {
  expect(mentions.without({ identity: { external_id: '42', crm_id: '42' }, tags: { level: '42' } })).toEqual({
    identity: { crm_id: '42' },
    tags: { level: '42' },
  });
  expect(mentions.without({ identity: { crm_id: '42' }, tags: { level: '42' } })).toBeNull();
});
