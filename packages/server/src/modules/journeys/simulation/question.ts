import type { JourneySimulationBody } from '@carillon/wire';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import { parseMoment } from '../../../platform/http/parse-moment.ts';
import type { EventTime } from './past-store.ts';

const DAY_MS = 86_400_000;
/** More than the longest wait of a journey. */
const LONGEST_MS = 400 * DAY_MS;
const PAGE = 50;

export interface Question {
  /** Milliseconds; `to` is not in the period. */
  readonly from: number;
  readonly to: number;
  readonly eventTime: EventTime;
  readonly samplePercent: number;
  readonly withTexts: boolean;
  readonly limit: number;
}

/** Throws ApiError `request-invalid`. */
export function parseQuestion(body: JourneySimulationBody, now: number): Question {
  const from = parseMoment('from', body.from);
  const to = body.to === undefined ? now : parseMoment('to', body.to);
  if (to > now) throw invalidField('to', 'must not lie in the future: what is to come is not stored');
  if (from >= to) throw invalidField('from', 'must be earlier than to');
  if (to - from > LONGEST_MS) {
    throw invalidField('from', `must be at most ${LONGEST_MS / DAY_MS} days before to`);
  }
  return {
    from,
    to,
    eventTime: body.events_by ?? 'received',
    samplePercent: body.sample_percent ?? 100,
    withTexts: body.include_texts ?? false,
    limit: body.limit ?? PAGE,
  };
}
