import { describe, expect, it } from 'vitest';
import type { UsersModel } from '../config/config.ts';
import { sql } from '../config/fields.ts';
import type { Row } from '../config/fields.ts';
import { diffUser } from './diff-user.ts';
import { externalIdOfGone, GONE } from './gone-user.ts';
import { guardRemovals, mostRemovals } from './guard-removals.ts';
import { admitMessages } from './message-breaker.ts';
import { SafetyLimit } from './safety-limit.ts';

describe('the guard of removals', () => {
  it('lets 50 go of any number, and one per cent of many', () => {
    expect(mostRemovals(undefined, 10)).toBe(50);
    expect(mostRemovals('1%', 100_000)).toBe(1000);
    expect(mostRemovals('0.5%', 100_000)).toBe(500);
    expect(mostRemovals(7, 100_000)).toBe(7);
  });

  it('takes no limit that is none', () => {
    for (const limit of ['1', '101%', '-1%', -1, 1.5, Number.NaN]) expect(mostRemovals(limit, 10)).toBeNull();
  });

  it('stops with a sample and what to do, before anybody goes', () => {
    expect(() => guardRemovals('1%', 1000, 50, [])).not.toThrow();
    expect(() => guardRemovals('1%', 1000, 51, ['a', 'b', 'c', 'd', 'e', 'f'])).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/51 of 1000 users .* raise users\.limits\.maxDeletes /),
        sample: ['a', 'b', 'c', 'd', 'e'],
      }),
    );
  });
});

describe('the breaker of messages', () => {
  const limits = { shipped: { maxPerMinute: 3 }, paid: {} };

  it('admits up to the limit of a trigger in a minute, and any number without one', () => {
    const first = admitMessages(limits, {}, ['shipped', 'paid', 'shipped', 'paid', 'paid', 'paid'], 0);
    expect(admitMessages(limits, first, ['shipped'], 59_999)['shipped']).toEqual({ since: 0, count: 3 });
    expect(() => admitMessages(limits, first, ['shipped', 'shipped'], 59_999)).toThrow(SafetyLimit);
    expect(admitMessages(limits, first, ['shipped', 'shipped'], 60_000)['shipped']?.count).toBe(2);
  });
});

describe('a user whose row is gone', () => {
  const model: UsersModel<Row> = { model: sql`SELECT 1`, key: 'id', dirtyWhen: {} };

  it('is found again by its key', () => {
    expect(externalIdOfGone(model, '7')).toBe('7');
    expect(externalIdOfGone({ ...model, externalId: ({ id }) => `customer-${String(id)}` }, '7')).toBe(
      'customer-7',
    );
  });

  it('is nobody where its external id was made from more than the key', () => {
    expect(externalIdOfGone({ ...model, externalId: ({ uuid }) => String(uuid) }, '7')).toBeNull();
    expect(
      externalIdOfGone({ ...model, externalId: (row) => `${String(row['id'])}-${String(row['shop'])}` }, '7'),
    ).toBeNull();
  });

  it('is new when it comes again', () => {
    expect(diffUser(GONE, 'a'.repeat(32))).toEqual({ kind: 'new' });
  });
});
