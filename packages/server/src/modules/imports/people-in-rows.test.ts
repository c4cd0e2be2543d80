import { expect, it } from 'vitest';
import { meaningsOf } from './columns.ts';
import { PeopleInRows } from './people-in-rows.ts';

const USER = '11111111-1111-4111-8111-111111111111';
const anna = {
  appId: 'app',
  users: [{ lane: 17, userId: USER }],
  subscriptions: [],
  aliases: [
    { label: 'external_id', value: '42' },
    { label: 'crm', value: 'C-7' },
  ],
  addresses: ['anna@example.com', '+46701740605'],
};
const { columns } = meaningsOf(['external_id', 'email', 'phone_number', 'aliases', 'orders'], {});
const people = new PeopleInRows(columns, [{ ...anna, aliases: [], addresses: [], users: [] }, anna]);

it.each([
  ['an alias, in its column', ['42', '', '', '', '']],
  ['an alias of several', ['', '', '', '{"crm":"C-7"}', '']],
  ['an address, however it is written', ['', ' Anna@Example.com ', '', '', '']],
  ['an address in any column', ['', '', '', '', 'anna@example.com']],
  ['a phone number, however it is written', ['', '', '0046 (70) 174-06 05', '', '']],
  ['an id', ['', '', '', '', USER]],
])('somebody is found by %s', (_by, row) => {
  expect(people.whose(row)).toBe(1);
});

it('the value of an alias names nobody elsewhere', () => {
  expect(people.whose(['7', 'ben@example.com', '', '{"other":"C-7"} ', '42'])).toBeNull();
  expect(people.whose(['', '', '', 'no JSON', ''])).toBeNull();
});
