import { invalidField } from '../../../platform/http/invalid-field.ts';
import type { Journey, Schedule } from './definition.ts';
import { isLive } from './journey-states.ts';

/** How far ahead a start must lie. */
const LEAD_MS = 5 * 60_000;

/** Throws ApiError `request-invalid` for times that are set to what cannot come any more. `now`: milliseconds. */
export function checkSchedule(
  before: Pick<Journey, 'state' | 'schedule'>,
  after: Schedule | null,
  now: number,
): void {
  if (isChanged(before.schedule?.startAt, after?.startAt)) {
    if (isLive(before.state)) {
      throw invalidField('schedule.start_at', 'cannot be changed any more: the journey has started');
    }
    checkStart(after, now);
  }
  if (isChanged(before.schedule?.stopAt, after?.stopAt)) checkStop(after, now);
}

/** As `checkSchedule`, for a journey that becomes `scheduled`. */
export function checkStart(schedule: Schedule | null, now: number): void {
  const startAt = schedule?.startAt ?? null;
  if (startAt !== null && startAt.getTime() < now + LEAD_MS) {
    throw invalidField('schedule.start_at', 'must be at least 5 minutes ahead');
  }
}

/** As `checkSchedule`, for a journey that goes live. */
export function checkStop(schedule: Schedule | null, now: number): void {
  const stopAt = schedule?.stopAt ?? null;
  if (stopAt !== null && stopAt.getTime() <= now) {
    throw invalidField('schedule.stop_at', 'must lie ahead');
  }
}

function isChanged(before: Date | null | undefined, after: Date | null | undefined): boolean {
  return before?.getTime() !== after?.getTime();
}
