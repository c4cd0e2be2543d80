import { expect, it } from 'vitest';
import type { ReturnedEvent } from '../back.ts';
import { dataFrom, isTrue, statementFrom, textFrom } from './from-columns.ts';

it('makes texts from columns, and refuses a column that is not there', () => {
  expect(textFrom('id')({ id: 7 })).toBe('7');
  expect(textFrom('customer-{id}-{shop}')({ id: 7, shop: 'a' })).toBe('customer-7-a');
  expect(() => textFrom('customer-{ID}')({ id: 7 })).toThrow('there is no column ID');
  expect(dataFrom({ order: 'id' })({ id: 7, total: 1 })).toEqual({ order: 7 });
  expect([true, 1, false, 0, null, 'yes'].map((ok) => isTrue('ok')({ ok }))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

it('tells other functions by what they are made from', () => {
  expect(String(textFrom('id'))).not.toBe(String(textFrom('email')));
  expect(String(textFrom('id'))).toBe(String(textFrom('id')));
});

it('makes statements whose values are fields of the event, and leaves casts alone', () => {
  const statement = statementFrom(
    'back.writes.bounced',
    'UPDATE c SET b = true WHERE id = :externalId::bigint AND m = :address',
  );
  expect(statement({ externalId: '7', address: 'a@example.com' } as ReturnedEvent)).toEqual({
    text: 'UPDATE c SET b = true WHERE id = $1::bigint AND m = $2',
    values: ['7', 'a@example.com'],
  });
  expect(() => statementFrom('back.writes.bounced', 'SELECT :nobody')).toThrow('knows no :nobody');
});
