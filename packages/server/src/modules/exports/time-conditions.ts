import type { Parameters } from '../audience/index.ts';
import { parseMoment } from '../../platform/http/parse-moment.ts';

/** That a time is not before `since`; nothing where that is absent. It was checked when it was asked for. */
export function sinceCondition(sql: string, since: string | undefined, parameters: Parameters): string[] {
  if (since === undefined) return [];
  return [`${sql} >= ${parameters.add(new Date(parseMoment('filter', since)), 'timestamptz')}`];
}

export function untilCondition(sql: string, until: string | undefined, parameters: Parameters): string[] {
  if (until === undefined) return [];
  return [`${sql} < ${parameters.add(new Date(parseMoment('filter', until)), 'timestamptz')}`];
}
