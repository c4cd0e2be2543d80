import { expect, it } from 'vitest';
import { slotFinding } from './slot-finding.ts';

it('refuses a slot without a limit until that is accepted', () => {
  expect(slotFinding(null, false)).toMatchObject({ state: 'refused' });
  expect(slotFinding(null, true)).toMatchObject({ state: 'warning' });
  expect(slotFinding(10_000_000_000, false)).toMatchObject({ state: 'good' });
});
