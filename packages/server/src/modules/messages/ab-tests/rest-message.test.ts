import { expect, test } from 'vitest';
import { EVERYONE } from '../../audience/index.ts';
import { inSlice } from './rest-message.ts';

const slice = { kind: 'slice', salt: 'test', from: 0, to: 5_000 } as const;

test('a slice of an audience is for whom the audience is for: whoever has unsubscribed too, where it says so', () => {
  const audience = { include: EVERYONE, exclude: [], only: [], unsubscribedToo: true } as const;
  expect(inSlice(audience, slice)).toEqual({ ...audience, only: [slice] });
  expect(inSlice(null, slice)).toEqual({ include: EVERYONE, exclude: [], only: [slice] });
});
