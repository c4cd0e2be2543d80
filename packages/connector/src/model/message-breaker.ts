import { SafetyLimit } from './safety-limit.ts';

const MINUTE_MS = 60_000;

/** How many messages of each trigger went out in the minute that began at `since`. */
export type MinuteCounts = Readonly<Record<string, { readonly since: number; readonly count: number }>>;

/**
 * The counts with `names` added, one for each message that is about to go out.
 *
 * @throws SafetyLimit before any of them is sent, where a trigger has more than its maxPerMinute
 */
export function admitMessages(
  limits: Readonly<Record<string, { readonly maxPerMinute?: number }>>,
  counts: MinuteCounts,
  names: readonly string[],
  now: number,
): MinuteCounts {
  const next: Record<string, { since: number; count: number }> = {};
  for (const name of names) {
    const most = limits[name]?.maxPerMinute;
    if (most === undefined) continue;
    const before = next[name] ?? counts[name];
    const running =
      before !== undefined && now - before.since < MINUTE_MS ? before : { since: now, count: 0 };
    next[name] = { since: running.since, count: running.count + 1 };
    if (running.count < most) continue;
    throw new SafetyLimit(
      `messages.${name}.maxPerMinute`,
      `More than ${most} messages ${name} within a minute: those of this batch were not sent and wait in the outbox. ` +
        `Look at what changed; raise messages.${name}.maxPerMinute if it is meant, or give it a maxAge so that they grow old.`,
    );
  }
  return { ...counts, ...next };
}
