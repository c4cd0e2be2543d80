import type { EventStreamView } from '@carillon/wire';
import type { EventStream } from './event-streams.ts';
import { showTarget } from './targets/stream-target.ts';

/** `now` is in milliseconds since the epoch. */
export function presentStream({ row, settings, lag }: EventStream, now: number): EventStreamView {
  return {
    name: row.name,
    kind: row.kind,
    settings: { ...showTarget(settings.target), retry_schedule: settings.retrySchedule },
    filters: { ...settings.filters },
    state: row.state,
    reason: row.reason,
    state_at: row.stateAt.toISOString(),
    cursor: row.cursor,
    resting_until: iso(row.retryAt),
    last_failure: row.lastFailure,
    failures: row.failures,
    last_taken_at: iso(row.lastTakenAt),
    delivered: row.delivered,
    given_up: row.givenUp,
    held: row.held,
    lag: {
      events: lag.events,
      is_at_least: lag.isAtLeast,
      oldest_at: iso(lag.oldestAt),
      seconds: lag.oldestAt === null ? 0 : Math.max(0, Math.round((now - lag.oldestAt.getTime()) / 1_000)),
    },
    replaying: row.replayMessage,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
