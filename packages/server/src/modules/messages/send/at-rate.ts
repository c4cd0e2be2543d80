import type { Clock } from '../../../platform/clock.ts';
import { sleep } from '../../../platform/clock.ts';
import type { Outcome } from '../../channels/index.ts';
import type { Held } from './circuit.ts';
import { NO_ANSWER } from './deliverer.ts';
import type { LearnedRate } from './learned-rate.ts';

/** Longer nobody waits here: what is open is in doubt if the process dies. */
const LONGEST_WAIT_MS = 8_000;

/** Answers to the first of them; the others come again at their time. */
export interface AtRate {
  readonly answers: readonly Outcome[];
  readonly held: readonly Held[];
}

/** Hands `items` over as fast as their provider takes them, and learns from its answers how fast that is. */
export async function atRate<Item>(
  items: readonly Item[],
  rate: LearnedRate,
  clock: Clock,
  send: (items: readonly Item[]) => Promise<readonly Outcome[]>,
): Promise<AtRate> {
  const answers: Outcome[] = [];
  const end = clock.now() + LONGEST_WAIT_MS;
  while (answers.length < items.length) {
    const left = items.length - answers.length;
    const { count, moreAt } = rate.take(left, clock.now());
    if (count > 0) {
      const some = items.slice(answers.length, answers.length + count);
      const said = await send(some);
      rate.learn(countAnswers(said), clock.now());
      for (const index of some.keys()) answers.push(said[index] ?? NO_ANSWER);
    } else if (moreAt > end) {
      return { answers, held: holdLeft(left, moreAt, rate.perSecond) };
    } else {
      await sleep(clock, moreAt - clock.now());
    }
  }
  return { answers, held: [] };
}

function countAnswers(answers: readonly Outcome[]) {
  let [limited, afterMs]: [number, number | null] = [0, null];
  for (const answer of answers) {
    if (answer.state !== 'retry' || answer.limited !== true) continue;
    limited += 1;
    if (answer.afterMs !== null) afterMs = Math.max(afterMs ?? 0, answer.afterMs);
  }
  return { accepted: answers.length - limited, limited, afterMs };
}

function holdLeft(count: number, from: number, perSecond: number): Held[] {
  const reason = 'the provider takes no more at a time';
  return Array.from({ length: count }, (_, place) => ({
    state: 'held',
    reason,
    until: Math.round(from + (place * 1_000) / perSecond),
  }));
}
