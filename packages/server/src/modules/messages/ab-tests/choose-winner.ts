import type { WinnerReason } from './ab-test.ts';

/** How a variant fared. */
export interface Result {
  readonly name: string;
  /** Its message was cancelled by itself: it goes to nobody else either. */
  readonly cancelled: boolean;
  /** Deliveries that the provider took. */
  readonly sent: number;
  /** What is counted of them: opens and clicks once for each, or an outcome's count or sum. */
  readonly hits: number;
}

export interface Winner {
  readonly name: string;
  readonly reason: WinnerReason;
}

/**
 * The variant with the most hits for each delivery. Where several have the same rate it is the first of them, and the
 * first of all where nobody has any: a test always ends. Null when each was cancelled.
 */
export function chooseWinner(results: readonly Result[]): Winner | null {
  const [first, ...others] = results.filter(({ cancelled }) => !cancelled);
  if (first === undefined) return null;
  const best = others.reduce((so, one) => (compareRates(one, so) > 0 ? one : so), first);
  if (best.hits === 0) return { name: first.name, reason: 'no_data' };
  const equals = [first, ...others].filter((one) => compareRates(one, best) === 0);
  return { name: best.name, reason: equals.length > 1 ? 'tie' : 'metric' };
}

/** Without a division, so that equal counts are equal. Whoever was sent to nobody has the rate 0. */
function compareRates(a: Result, b: Result): number {
  return hitsOf(a) * Math.max(1, b.sent) - hitsOf(b) * Math.max(1, a.sent);
}

function hitsOf({ sent, hits }: Result): number {
  return sent === 0 ? 0 : hits;
}
