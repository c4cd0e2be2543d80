import type { Journey } from './definition.ts';

/** Columns of a row of `journeys`, as `JourneyRow` names them. */
export const JOURNEY_COLUMNS = `app_id as "appId", id, name, description, state, definition, version,
  awaits_segments as "awaitsSegments",
  start_at as "startAt", stop_at as "stopAt", schedule_error as "scheduleError", revision, created_at as "createdAt",
  updated_at as "updatedAt", started_at as "startedAt", archived_at as "archivedAt"`;

export interface JourneyRow extends Omit<Journey, 'schedule'> {
  readonly startAt: Date | null;
  readonly stopAt: Date | null;
}

export function journeyOfRow({ startAt, stopAt, ...journey }: JourneyRow): Journey {
  return { ...journey, schedule: startAt === null && stopAt === null ? null : { startAt, stopAt } };
}
