import { Type } from 'typebox';
import type { Static } from 'typebox';
import { emailFields } from './email-content.ts';
import { field } from './field.ts';
import { createMessageBody } from './message.ts';
import { pushFields } from './push-content.ts';
import { smsFields } from './sms-content.ts';

const {
  app_id: _appId,
  idempotency_key: _key,
  external_id: _oldKey,
  ...messageFields
} = createMessageBody.properties;

/** What a variant says that the message of the test does not, or says otherwise. */
const variant = Type.Object(
  {
    /** `A`, `B`, ... by its place when absent; each of a test another one. */
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
    /** How much of the sample it gets, in proportion to the others; 1 when absent. */
    share: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
    template_id: field(Type.String()),
    custom_data: field(Type.Record(Type.String(), Type.Unknown())),
    ...emailFields,
    ...smsFields,
    ...pushFields,
  },
  { additionalProperties: false },
);

export const WINNER_RULES = ['opened', 'clicked', 'outcome_count', 'outcome_sum', 'hand'] as const;

/** POST /apps/{app_id}/ab_tests. */
export const createAbTestBody = Type.Object({
  name: field(Type.String({ maxLength: 128 })),
  /** A UUID; the same one within 30 days makes no second test and answers as the first time. */
  idempotency_key: field(Type.String()),
  /** What all variants have in common, as in POST /notifications: an audience, a time, and whatever they say alike. */
  message: Type.Object(messageFields),
  variants: Type.Array(variant, { minItems: 2, maxItems: 10 }),
  /** So many percent of the audience get a variant, the rest the winner: 0.01 to 100, by hundredths. */
  sample_percent: Type.Number(),
  /** Most of what is counted for each message that the provider took, or by hand alone. */
  winner_by: Type.Enum([...WINNER_RULES]),
  /** The name of the outcome that `outcome_count` and `outcome_sum` look at, such as `purchase`. */
  winner_outcome: field(Type.String({ minLength: 1, maxLength: 128 })),
  /** After the message is due; needed unless the winner is chosen by hand. At most 30 days. */
  winner_after_minutes: field(Type.Integer({ minimum: 1, maximum: 43_200 })),
});
export type CreateAbTestBody = Static<typeof createAbTestBody>;

const textOrNull = Type.Union([Type.String(), Type.Null()]);

export const createAbTestAnswer = Type.Object({
  id: Type.String(),
  variants: Type.Array(Type.Object({ name: Type.String(), message_id: Type.String() })),
  /** ISO 8601; null where the winner is chosen by hand. */
  decides_at: textOrNull,
  warnings: Type.Optional(Type.Array(Type.String())),
});
export type CreateAbTestAnswer = Static<typeof createAbTestAnswer>;

/** How one message of a test fared; the counts are those of GET /notifications/{message_id}. */
const fate = {
  message_id: Type.String(),
  canceled: Type.Boolean(),
  completed: Type.Boolean(),
  successful: Type.Integer(),
  failed: Type.Integer(),
  held_out: Type.Integer(),
  errored: Type.Integer(),
  /** Subscriptions that opened it, each counted once, and that clicked in it. */
  opened: Type.Integer(),
  clicked: Type.Integer(),
  /** Of the test's outcome, direct and influenced; 0 where the test looks at none. */
  outcome_count: Type.Integer(),
  outcome_sum: Type.Number(),
};

/** Times are ISO 8601. */
export const abTestView = Type.Object({
  id: Type.String(),
  app_id: Type.String(),
  name: textOrNull,
  channel: Type.String(),
  /** `decided`: the rest gets the winner. `finished`: everybody has got what they get. */
  state: Type.Enum(['testing', 'decided', 'finished', 'cancelled']),
  sample_percent: Type.Number(),
  winner_by: Type.Enum([...WINNER_RULES]),
  winner_outcome: textOrNull,
  created_at: Type.String(),
  decides_at: textOrNull,
  decided_at: textOrNull,
  cancelled_at: textOrNull,
  /** The name of a variant. */
  winner: textOrNull,
  /** `metric`: it had the best rate. `tie`: several had, and it is the first of them. `no_data`: none had any. */
  winner_reason: Type.Union([Type.Enum(['metric', 'tie', 'no_data', 'hand']), Type.Null()]),
  variants: Type.Array(Type.Object({ name: Type.String(), percent: Type.Number(), ...fate })),
  /** What the rest of the audience gets; null before that, and where the sample is everybody. */
  rest: Type.Union([Type.Object(fate), Type.Null()]),
});
export type AbTestView = Static<typeof abTestView>;

export const abTestPage = Type.Object({
  ab_tests: Type.Array(abTestView),
  has_more: Type.Boolean(),
  /** Absent on the last page. */
  next_cursor: Type.Optional(Type.String()),
});
export type AbTestPage = Static<typeof abTestPage>;

/** POST /apps/{app_id}/ab_tests/{ab_test_id}/winner. */
export const chooseWinnerBody = Type.Object({
  /** The name of a variant. */
  variant: Type.String(),
});
