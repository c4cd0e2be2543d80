import { expect, test } from 'vitest';
import { FakeClock } from '@carillon/test-kit';
import { KeyUse } from './key-use.ts';
import type { LastUse } from './key-use.ts';

function start(answers: readonly (() => Promise<void>)[] = []) {
  const clock = new FakeClock('2026-11-01T12:00:00Z');
  const written: Record<string, LastUse>[] = [];
  const failures: unknown[] = [];
  const use = new KeyUse({
    clock,
    write: async (uses) => {
      written.push(Object.fromEntries(uses));
      await answers[written.length - 1]?.();
    },
    onFailure: (error) => failures.push(error),
  });
  return { clock, written, failures, use };
}

test('a thousand requests in a minute are two writes: the first soon, the second a minute later', async () => {
  const { clock, written, use } = start();
  for (let count = 0; count < 1_000; count += 1) {
    use.note(`key-${count % 2}`, `192.0.2.${count % 100}`);
    await clock.advance(60);
  }
  expect(written).toHaveLength(1);
  await clock.advance(60_000);
  expect(written).toHaveLength(2);
  expect(written[1]).toEqual({
    'key-0': { at: Date.parse('2026-11-01T12:00:59.880Z'), ip: '192.0.2.98' },
    'key-1': { at: Date.parse('2026-11-01T12:00:59.940Z'), ip: '192.0.2.99' },
  });
});

test('nothing is written while no key is used', async () => {
  const { clock, written, use } = start();
  use.note('key', '192.0.2.1');
  await clock.advance(3_600_000);
  expect(written).toHaveLength(1);
  expect(use.unwritten('key')).toBeNull();
});

test('what was used during a write is written by the next one', async () => {
  const { clock, written, use } = start([
    async () => {
      await clock.advance(1);
      use.note('key', '192.0.2.2');
    },
  ]);
  use.note('key', '192.0.2.1');
  await use.flush();
  expect(use.unwritten('key')).toMatchObject({ ip: '192.0.2.2' });
  await clock.advance(60_000);
  expect(written.map(({ key }) => key?.ip)).toEqual(['192.0.2.1', '192.0.2.2']);
});

test('a write that failed is told and made again a minute later', async () => {
  const { clock, written, failures, use } = start([() => Promise.reject(new Error('away'))]);
  use.note('key', '192.0.2.1');
  await use.flush();
  expect(failures).toEqual([new Error('away')]);
  expect(use.unwritten('key')).toMatchObject({ ip: '192.0.2.1' });
  await clock.advance(60_000);
  expect(written).toHaveLength(2);
  expect(use.unwritten('key')).toBeNull();
});
