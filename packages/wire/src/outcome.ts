import { Type } from 'typebox';
import type { Static } from 'typebox';
import { field, flagField, textField } from './field.ts';

const MOST_IDS = 100;
const ids = field(Type.Array(Type.String(), { maxItems: MOST_IDS }));

const reported = {
  app_id: Type.String(),
  /** The outcome's name; `os__session_duration` for the end of a session. */
  id: Type.String({ minLength: 1, maxLength: 128 }),
  /** What it is worth: adds to the sum. */
  weight: field(Type.Number({ minimum: -1e12, maximum: 1e12 })),
  /** Seconds, of `os__session_duration`. */
  session_time: field(Type.Number({ minimum: 0, maximum: 1e9 })),
  /** The platform's number. */
  device_type: field(Type.Integer()),
};

/** POST /outcomes/measure */
export const measureOutcomeBody = Type.Object({
  ...reported,
  /** True: the person clicked the message. False: it came a while before. */
  direct: flagField,
  notification_ids: ids,
  /** Of the device; says its platform where `device_type` does not. */
  subscription: Type.Optional(Type.Object({ id: textField, type: Type.String() })),
});
export type MeasureOutcomeBody = Static<typeof measureOutcomeBody>;

const source = field(Type.Object({ notification_ids: ids, in_app_message_ids: ids }));

/** POST /outcomes/measure_sources */
export const measureOutcomeSourcesBody = Type.Object({
  ...reported,
  sources: field(Type.Object({ direct: source, indirect: source })),
});
export type MeasureOutcomeSourcesBody = Static<typeof measureOutcomeSourcesBody>;

export const outcomeMeasured = Type.Object({});

const names = Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())]));

/** GET /apps/{app_id}/outcomes */
export const outcomesQuery = Type.Object({
  /** Separated by commas, each with `.sum` or `.count` behind it. */
  outcome_names: names,
  /** One name each time, which may contain commas. */
  'outcome_names[]': names,
  outcome_time_range: Type.Optional(
    Type.Union([Type.Literal('1h'), Type.Literal('1d'), Type.Literal('1mo')]),
  ),
  /** Numbers of platforms, separated by commas; all when absent. */
  outcome_platforms: Type.Optional(Type.String()),
  outcome_attribution: Type.Optional(
    Type.Union([
      Type.Literal('direct'),
      Type.Literal('influenced'),
      Type.Literal('unattributed'),
      Type.Literal('total'),
    ]),
  ),
});
export type OutcomesQuery = Static<typeof outcomesQuery>;

export const outcomeSum = Type.Object({
  id: Type.String(),
  value: Type.Number(),
  aggregation: Type.Union([Type.Literal('sum'), Type.Literal('count')]),
});
export type OutcomeSum = Static<typeof outcomeSum>;

export const outcomesAnswer = Type.Object({ outcomes: Type.Array(outcomeSum) });
export type OutcomesAnswer = Static<typeof outcomesAnswer>;
