import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { Journey } from './definition.ts';
import { JOURNEY_COLUMNS, journeyOfRow } from './journey-row.ts';
import type { JourneyRow } from './journey-row.ts';

const ENDING = `state in ('scheduled', 'processing', 'active', 'paused') and stop_at is not null`;
const STARTING = `state = 'scheduled' and start_at is not null`;

// An end that has come goes before a start: whoever was away for both times starts nothing.
const due = statement(
  'journeys.due',
  `(select ${JOURNEY_COLUMNS}, true as ends from journeys where ${ENDING} and stop_at <= $1 order by stop_at limit $2)
   union all
   (select ${JOURNEY_COLUMNS}, false as ends from journeys
    where ${STARTING} and start_at <= $1 and (stop_at is null or stop_at > $1) order by start_at limit $2)`,
);

const nextDue = statement(
  'journeys.next-due-change',
  `select least(
     (select min(stop_at) from journeys where ${ENDING} and stop_at > $1),
     (select min(start_at) from journeys where ${STARTING} and start_at > $1)) as at`,
);

export interface DueJourney {
  readonly journey: Journey;
  readonly change: 'start' | 'stop';
}

/** Journeys of all apps whose time to start or to stop has come. */
export async function findDue(database: Queryable, now: number, limit: number): Promise<DueJourney[]> {
  const rows = await database.rows<JourneyRow & { ends: boolean }>(due, [new Date(now), limit]);
  return rows.map(({ ends, ...row }) => ({ journey: journeyOfRow(row), change: ends ? 'stop' : 'start' }));
}

/** When the next journey starts or stops after `after`, in milliseconds; null for none. */
export async function nextChangeAt(database: Queryable, after: number): Promise<number | null> {
  const [row] = await database.rows<{ at: Date | null }>(nextDue, [new Date(after)]);
  return row?.at?.getTime() ?? null;
}
