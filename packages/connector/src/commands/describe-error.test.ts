import { expect, it } from 'vitest';
import { SafetyLimit } from '../model/safety-limit.ts';
import { describeError } from './describe-error.ts';
import { withoutPersonal } from './without-personal.ts';

const limit = new SafetyLimit('users.limits.maxDeletes', '70 of 90 users are gone.', [
  'ada@example.com',
  '7',
]);

it('names whom a safety limit met only where that is asked for', () => {
  expect(describeError(limit, false)).toBe(
    '70 of 90 users are gone. --reveal says who the first of them are.',
  );
  expect(describeError(limit, true)).toBe('70 of 90 users are gone. The first of them: ada@example.com, 7.');
});

it('leaves out what a database quotes of a row, in the stack as well', () => {
  const quoted = new Error('invalid input syntax for type integer: "ada@example.com"');
  expect(describeError(quoted, false)).not.toContain('ada@');
  expect(describeError(quoted, true)).toContain('ada@example.com');
});

it('keeps keys and addresses out of what goes into a log', () => {
  const count = { known: 2, scanned: 1, fresh: 0, changed: 0, gone: 1, goneSample: ['ada@example.com'] };
  expect(withoutPersonal({ kind: 'looked', at: 'users', count })).toMatchObject({
    count: { goneSample: [] },
  });
  const detail = 'ada@example.com was refused';
  expect(withoutPersonal({ kind: 'trouble', where: 'target', detail })).toMatchObject({
    detail: '***@*** was refused',
  });
});
