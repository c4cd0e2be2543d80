import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';

const calm = { accepted: 9900, refused: 50, early: 0, permitted: 10_000, acknowledged: 9900, arrived: 9900 };

describe('the judge of the storm', () => {
  it('is content with little waste and much use', () => {
    expect(judge(calm).broken).toEqual([]);
  });

  it('finds waste, idleness, impatience and loss', () => {
    expect(judge({ ...calm, refused: 200 }).broken).toEqual(['1.98 % of the requests were refused']);
    expect(judge({ ...calm, permitted: 12_000 }).broken).toEqual(['83 % of what was permitted was used']);
    expect(judge({ ...calm, early: 1 }).broken).toEqual(['1 requests came before their time']);
    expect(judge({ ...calm, arrived: 9899 }).broken).toEqual(['1 users were acknowledged and are not there']);
  });
});
