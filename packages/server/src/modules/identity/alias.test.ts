import { expect, test } from 'vitest';
import { BLOCKED_EXTERNAL_IDS, parseAddress, parseIdentity } from './alias.ts';

test('aliases come in the order of their labels, with numbers as text and onesignal_id apart', () => {
  const id = '11111111-2222-4333-8444-55555555ABCD';
  expect(parseIdentity({ external_id: 'x', crm: 7, onesignal_id: id })).toEqual({
    userId: id.toLowerCase(),
    aliases: [
      { label: 'crm', value: '7' },
      { label: 'external_id', value: 'x' },
    ],
  });
});

test.each(BLOCKED_EXTERNAL_IDS)('the external_id %j is refused, as another alias it is fine', (value) => {
  expect(() => parseIdentity({ external_id: value })).toThrow(/^identity\.external_id must not be/);
  expect(parseIdentity({ crm: value }).aliases).toEqual([{ label: 'crm', value }]);
});

test('the list of blocked external ids is a setting', () => {
  expect(parseIdentity({ external_id: 'NULL' }, []).aliases).toHaveLength(1);
  expect(() => parseIdentity({ external_id: 'guest' }, ['guest'])).toThrow(/must not be "guest"/);
});

test.each([
  ['an empty value', { external_id: '' }, /must not be empty/],
  ['a value of 129 characters', { external_id: 'x'.repeat(129) }, /at most 128/],
  ['a control character', { crm: 'a\u0001' }, /control characters/],
  ['an empty label', { '': 'x' }, /label must not be empty/],
  ['a onesignal_id that is no UUID', { onesignal_id: '1' }, /^Invalid UUID$/],
])('%s is refused', (_, identity, title) => {
  expect(() => parseIdentity(identity)).toThrow(title);
});

test('a path names a user by id or by alias', () => {
  const id = '11111111-2222-4333-8444-55555555abcd';
  expect(parseAddress('onesignal_id', id)).toEqual({ by: 'id', id });
  expect(parseAddress('crm', 'C')).toEqual({ by: 'alias', label: 'crm', value: 'C' });
});
