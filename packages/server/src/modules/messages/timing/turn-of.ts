import { showTimeOfDay } from './time-of-day.ts';
import type { Spread, Timing } from './timing.ts';
import { nextTimeOfDay, secondOfDay } from './zoned-time.ts';

/** Hours in which an app lets its users be: from one second of the day to another, over midnight where it is less. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

/** What an app says of the time of its messages on one channel. */
export interface AppHours {
  readonly quiet: QuietHours | null;
  /** Of users who have told none. */
  readonly timeZone: string;
}

/** Of whom it is asked. */
export interface TimedRecipient {
  readonly timezoneId: string | null;
  /** Milliseconds since the epoch; needed where a message goes by it. */
  readonly lastActive: number | null;
}

export type Turn =
  | { readonly kind: 'now' }
  | { readonly kind: 'later'; readonly at: number; readonly reason: string }
  | { readonly kind: 'expired'; readonly reason: string };

const NOW: Turn = { kind: 'now' };
const DAY_MS = 86_400_000;

/** Whether it is a recipient's turn now, when it will be (after `now`), or that it is over. */
export function turnOf(
  recipient: TimedRecipient,
  timing: Timing,
  { quiet, timeZone }: AppHours,
  now: number,
): Turn {
  const zone = recipient.timezoneId ?? timeZone;
  const own = timing.spread === null ? null : ownTurn(timing.spread, recipient, zone);
  const end = Math.min(
    timing.expiresAt ?? Infinity,
    timing.ttlMs === null || own === null ? Infinity : own.at + timing.ttlMs,
  );
  if (end <= now) return { kind: 'expired', reason: 'its time to live was over' };
  const wait = own !== null && own.at > now ? own : quietUntil(quiet, zone, now, timing.ignoresQuietHours);
  if (wait === null) return NOW;
  if (wait.at < end) return { kind: 'later', ...wait };
  return { kind: 'expired', reason: `its time to live ends before its turn: ${wait.reason}` };
}

interface Wait {
  readonly at: number;
  readonly reason: string;
}

function ownTurn(spread: Spread, { lastActive }: TimedRecipient, zone: string): Wait {
  switch (spread.kind) {
    case 'time-zone':
      return {
        at: nextTimeOfDay(zone, spread.second, spread.from),
        reason: `waits for ${showTimeOfDay(spread.second)} in ${zone}`,
      };
    case 'last-active': {
      const ahead = ((lastActive ?? spread.from) - spread.from) % DAY_MS;
      return {
        at: spread.from + (ahead < 0 ? ahead + DAY_MS : ahead),
        reason: 'waits for the time of day of the last activity',
      };
    }
  }
}

function quietUntil(quiet: QuietHours | null, zone: string, now: number, ignored: boolean): Wait | null {
  if (quiet === null || ignored) return null;
  const second = secondOfDay(zone, now);
  const { from, to } = quiet;
  const isQuiet = from <= to ? second >= from && second < to : second >= from || second < to;
  if (!isQuiet) return null;
  // By the minute, so that those of a page share what was worked out.
  const at = nextTimeOfDay(zone, to, Math.floor(now / 60_000) * 60_000);
  return {
    at: Math.max(at, now + 1_000),
    reason: `waits for the end of quiet hours, ${showTimeOfDay(to)} in ${zone}`,
  };
}
