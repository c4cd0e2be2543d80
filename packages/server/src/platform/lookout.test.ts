import { expect, it } from 'vitest';
import { FakeClock, until } from '@carillon/test-kit';
import type { Hints } from './database/hints.ts';
import { Lookout } from './lookout.ts';

/** Hints of one process. */
function createHints(): Hints {
  const listeners = new Map<string, Set<() => void>>();
  return {
    give: (topic) => listeners.get(topic)?.forEach((tell) => tell()),
    on(topic, listener) {
      const all = listeners.get(topic) ?? new Set();
      listeners.set(topic, all.add(listener));
      return () => void all.delete(listener);
    },
    end: async () => undefined,
  };
}

function open(nextOf: (looks: number) => number | null) {
  const [clock, hints, errors] = [new FakeClock(0), createHints(), [] as unknown[]];
  let looks = 0;
  const lookout = new Lookout({
    clock,
    hints,
    topic: 'endpoints',
    everyMs: 3_600_000,
    look: async () => nextOf((looks += 1)),
    onError: (error) => errors.push(error),
  });
  return { clock, hints, errors, lookout, looks: () => looks };
}

it('looks at the start, at a hint of its topic, and when something comes due', async () => {
  const { clock, hints, lookout, looks } = open((looks) => (looks === 2 ? 5_000 : null));
  lookout.start();
  await until('it has looked', () => looks() === 1);
  hints.give('feed');
  hints.give('endpoints');
  await until('it has looked again', () => looks() === 2);
  await clock.advance(4_999);
  expect(looks()).toBe(2);
  await clock.advance(1);
  await until('what came due is seen', () => looks() === 3);
  await lookout.stop();
});

it('goes on after a look that failed, and tells of it', async () => {
  const { hints, errors, lookout, looks } = open((looks) => {
    if (looks === 1) throw new Error('the database is away');
    return null;
  });
  lookout.start();
  await until('it has failed', () => errors.length === 1);
  hints.give('endpoints');
  await until('it has looked again', () => looks() === 2);
  expect(errors).toEqual([new Error('the database is away')]);
  await lookout.stop();
});

it('does not look any more once it is stopped', async () => {
  const { clock, hints, lookout, looks } = open(() => 1_000);
  lookout.start();
  await until('it has looked', () => looks() === 1);
  await lookout.stop();
  expect(lookout.isStopping).toBe(true);
  hints.give('endpoints');
  lookout.look();
  await clock.advance(2_000);
  expect(looks()).toBe(1);
});
