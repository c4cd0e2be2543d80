import type { Schedule } from '../definition.ts';
import type { Member } from './member.ts';

/** When it starts and stops by itself. `error` is the server's; it may be sent back as it was read. */
export function parseSchedule(member: Member): Schedule | null {
  if (member.isAbsent) return null;
  member.only('start_at', 'stop_at', 'error');
  const startAt = parseTime(member.at('start_at'));
  const stopAt = parseTime(member.at('stop_at'));
  if (startAt !== null && stopAt !== null && stopAt <= startAt) {
    throw member.at('stop_at').refusal('must be after schedule.start_at');
  }
  return startAt === null && stopAt === null ? null : { startAt, stopAt };
}

function parseTime(member: Member): Date | null {
  if (member.isAbsent) return null;
  const { value } = member;
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(time)) throw member.refusal('must be a time as ISO 8601: 2026-12-24T08:00:00Z');
  return new Date(time);
}
