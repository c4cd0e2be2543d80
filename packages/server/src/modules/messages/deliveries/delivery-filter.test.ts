import { describe, expect, it } from 'vitest';
import { asksForAll, parseAliasFilter, parseDeliveryFilter } from './delivery-filter.ts';

describe('filters of deliveries', () => {
  it('are all absent in an empty query', () => {
    expect(asksForAll(parseDeliveryFilter({}))).toBe(true);
    expect(parseAliasFilter({})).toBeNull();
  });

  it('take times as ISO 8601 and as Unix seconds, and reasons in any case of letters', () => {
    const filter = parseDeliveryFilter({
      ended_after: '2026-01-31T09:00:00+01:00',
      ended_before: '1769850000',
      reason: '550 Mailbox',
      state: ['failed'],
    });
    expect(filter).toMatchObject({
      endedAfter: Date.UTC(2026, 0, 31, 8),
      endedBefore: 1_769_850_000_000,
      reason: '550 mailbox',
      states: ['failed'],
    });
    expect(asksForAll(filter)).toBe(false);
  });

  it('name the parameter that will not do', () => {
    expect(() => parseDeliveryFilter({ ended_after: 'yesterday' })).toThrow('ended_after must be');
    expect(() => parseDeliveryFilter({ reason: 'a\u0000' })).toThrow('reason must not contain NUL');
    for (const alias of ['42', ':42', '']) {
      expect(() => parseAliasFilter({ alias })).toThrow('alias must be a label and a value');
    }
    expect(() => parseAliasFilter({ alias: 'onesignal_id:42' })).toThrow('Invalid UUID');
  });

  it('cut an alias at its first colon', () => {
    expect(parseAliasFilter({ alias: 'crm_id:C:17' })).toEqual({
      by: 'alias',
      label: 'crm_id',
      value: 'C:17',
    });
  });
});
