import { SafetyLimit } from './safety-limit.ts';

/** So many are always taken for real: one per cent of a small shop is nobody. */
const ALWAYS_ALLOWED = 50;
const SAMPLE = 5;

/** The most users that may be gone at once, of `known`; null where the limit is none. */
export function mostRemovals(limit: string | number = '1%', known: number): number | null {
  if (typeof limit === 'number') return Number.isSafeInteger(limit) && limit >= 0 ? limit : null;
  const share = /^(\d+(?:\.\d+)?)%$/.exec(limit)?.[1];
  if (share === undefined || Number(share) > 100) return null;
  return Math.max(ALWAYS_ALLOWED, Math.floor((known * Number(share)) / 100));
}

/**
 * A query that has lost a join says that everybody is gone. `gone` of `known` users have no row any
 * more in one pass, or within an hour of changes.
 *
 * @throws SafetyLimit before anybody is removed
 */
export function guardRemovals(
  limit: string | number | undefined,
  known: number,
  gone: number,
  keys: readonly string[],
): void {
  const most = mostRemovals(limit, known) ?? 0;
  if (gone <= most) return;
  throw new SafetyLimit(
    'users.limits.maxDeletes',
    `${gone} of ${known} users have no row in the model any more, and at most ${most} may go at once: nobody was removed. ` +
      'Mend users.model, or raise users.limits.maxDeletes if they are really gone.',
    keys.slice(0, SAMPLE),
  );
}
