/** How many a day a provider may be given while its sender is new. */
export interface WarmUp {
  /** The first day, of UTC: `2026-12-01`. Nothing is given to it before. */
  readonly startsOn: string;
  /** For the first day, the second, …: after the last there is no limit. */
  readonly perDay: readonly number[];
}

/** What holds now, and when the next day begins, in milliseconds since the epoch. */
export interface DayOfWarmUp {
  /** Of UTC: `2026-12-01`. */
  readonly day: string;
  readonly most: number;
  readonly nextAt: number;
}

const DAY_MS = 24 * 3_600_000;

/** Whether somebody who waits because of `before` may go by `after`. */
export function isOtherPlan(before: WarmUp | null, after: WarmUp | null): boolean {
  return before !== null && JSON.stringify(inOrder(before)) !== JSON.stringify(after && inOrder(after));
}

/** The database keeps members in an order of its own. */
function inOrder({ startsOn, perDay }: WarmUp): WarmUp {
  return { startsOn, perDay };
}

/** Null once it is over. */
export function dayOfWarmUp({ startsOn, perDay }: WarmUp, now: number): DayOfWarmUp | null {
  const start = Date.parse(`${startsOn}T00:00:00Z`);
  const day = new Date(now).toISOString().slice(0, 10);
  if (now < start) return { day, most: 0, nextAt: start };
  const index = Math.floor((now - start) / DAY_MS);
  const most = perDay[index];
  return most === undefined ? null : { day, most, nextAt: start + (index + 1) * DAY_MS };
}
