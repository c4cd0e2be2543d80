import pg from 'pg';
import { expect, test } from 'vitest';
import { retryTransient } from './retry.ts';

function failure(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('no', 2, 'error'), { code });
}

/** Fails so often, then succeeds; tells how often it was asked. */
function failing(times: number, code: string) {
  let asked = 0;
  const work = async () => {
    asked += 1;
    if (asked <= times) throw failure(code);
    return 'done';
  };
  return { work, asked: () => asked };
}

test.each(['40001', '40P01'])('%s is tried seven times more, and then told', async (code) => {
  const soon = failing(7, code);
  await expect(retryTransient(soon.work)).resolves.toBe('done');
  const never = failing(8, code);
  await expect(retryTransient(never.work)).rejects.toMatchObject({ code });
  expect(never.asked()).toBe(8);
});

test('what will fail again is told at once', async () => {
  const { work, asked } = failing(1, '23505');
  await expect(retryTransient(work)).rejects.toMatchObject({ code: '23505' });
  expect(asked()).toBe(1);
});
