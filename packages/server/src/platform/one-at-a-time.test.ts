import { expect, test } from 'vitest';
import { until } from '@carillon/test-kit';
import { OneAtATime } from './one-at-a-time.ts';

test('what is asked for during the work is done once more, however often it was asked for', async () => {
  const ends: (() => void)[] = [];
  const work = new OneAtATime(
    () => new Promise<void>((end) => void ends.push(end)),
    () => undefined,
  );
  for (let n = 0; n < 3; n += 1) work.ask();
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await until('it works again', () => ends.length === 2);
  ends[1]?.();
  await work.stop();
  work.ask();
  expect(ends).toHaveLength(2);
});

test('goes on after an error', async () => {
  const errors: unknown[] = [];
  const work = new OneAtATime(
    () => Promise.reject(new Error('no')),
    (error) => void errors.push(error),
  );
  await until('it has failed twice', () => {
    work.ask();
    return errors.length > 1;
  });
  await work.stop();
  expect(errors[0]).toMatchObject({ message: 'no' });
});
