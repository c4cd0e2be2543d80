import type { Verdict } from '../scenario.ts';

export interface Storm {
  readonly accepted: number;
  readonly refused: number;
  /** Requests before the time that Retry-After had named. */
  readonly early: number;
  /** What the cap would have let through outside of the waits that were told. */
  readonly permitted: number;
  readonly acknowledged: number;
  readonly arrived: number;
}

const MOST_WASTED = 0.01;
const LEAST_USED = 0.9;

/** Holds what came of a storm against what is promised. */
export function judge({ accepted, refused, early, permitted, acknowledged, arrived }: Storm): Verdict {
  const wasted = refused / Math.max(1, accepted + refused);
  const used = accepted / Math.max(1, permitted);
  const lost = Math.max(0, acknowledged - arrived);
  const broken = [
    ...(wasted > MOST_WASTED ? [`${(wasted * 100).toFixed(2)} % of the requests were refused`] : []),
    ...(used < LEAST_USED ? [`${(used * 100).toFixed(0)} % of what was permitted was used`] : []),
    ...(early > 0 ? [`${early} requests came before their time`] : []),
    ...(lost > 0 ? [`${lost} users were acknowledged and are not there`] : []),
  ];
  return {
    figures: { kills: 0, lost, duplicated: 0, unaccounted: 0, wasted, used, early, accepted },
    broken,
  };
}
