import { expect, it } from 'vitest';
import { clockFinding } from './check-clock.ts';

it('says how far the clocks are apart, and which way', () => {
  expect(clockFinding(100_000, 101_000).state).toBe('good');
  expect(clockFinding(0, 120_500)).toMatchObject({
    state: 'warning',
    detail: "the target's is 2m behind this machine's",
  });
  expect(clockFinding(120_500, 1000).detail).toContain('ahead of');
});
