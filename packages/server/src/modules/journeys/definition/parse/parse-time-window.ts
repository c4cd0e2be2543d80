import { isTimeZone } from '../../../../platform/time-zone.ts';
import type { TimeWindow, TimeWindowNode } from '../definition.ts';
import type { Member } from './member.ts';

const MOST_WINDOWS = 50;

export const TIME_WINDOW_MEMBERS = ['relative_to', 'windows', 'time_zone', 'use_user_time_zone'] as const;

export function parseTimeWindow(
  member: Member,
): Pick<TimeWindowNode, 'relativeTo' | 'windows' | 'timeZone' | 'useUserTimeZone'> {
  return {
    relativeTo: member.at('relative_to').oneOf(['schedule_in_timezone', 'last_active_time']),
    windows: member.at('windows').items(0, MOST_WINDOWS).map(parseWindow),
    timeZone: parseTimeZone(member.at('time_zone')),
    useUserTimeZone: member.at('use_user_time_zone').flag(),
  };
}

/** One that does not end after its start ends on the next day. */
function parseWindow(member: Member): TimeWindow {
  member.only('start', 'end', 'day_of_week');
  const start = parseTimeOfDay(member.at('start'));
  const end = parseTimeOfDay(member.at('end'));
  if (start.hour === end.hour && start.minute === end.minute) {
    throw member.at('end').refusal('must differ from start; a whole day ends at hour 23, minute 59');
  }
  const day = member.at('day_of_week');
  return { start, end, dayOfWeek: day.isAbsent ? null : day.whole(1, 7) };
}

function parseTimeOfDay(member: Member): TimeWindow['start'] {
  member.only('hour', 'minute');
  const minute = member.at('minute');
  return { hour: member.at('hour').whole(0, 23), minute: minute.isAbsent ? 0 : minute.whole(0, 59) };
}

function parseTimeZone(member: Member): string | null {
  if (member.isAbsent) return null;
  const name = member.text(64);
  if (!isTimeZone(name)) throw member.refusal('must be the name of a time zone: Europe/Berlin');
  return name;
}
