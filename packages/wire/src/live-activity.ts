import { Type } from 'typebox';
import type { Static } from 'typebox';
import { field, integerField } from './field.ts';
import { createMessageBody } from './message.ts';

const LATEST_S = 4_102_444_800;

const activityId = Type.String({ minLength: 1, maxLength: 255 });
const activityType = Type.String({ minLength: 1, maxLength: 255 });
const state = Type.Record(Type.String(), Type.Unknown());
/** Unix seconds. */
const seconds = integerField(0, LATEST_S);

const { properties: message } = createMessageBody;

const look = {
  contents: message.contents,
  headings: message.headings,
  ios_sound: message.ios_sound,
  ios_relevance_score: message.ios_relevance_score,
  priority: message.priority,
  /** From then on the device shows the activity as out of date. */
  stale_date: seconds,
};

/** POST /apps/{app_id}/activities/activity/{activity_type}: to devices that have told how to start one of the type. */
export const startLiveActivityBody = Type.Object({
  event: Type.Literal('start'),
  activity_id: activityId,
  /** What stays the same for as long as the activity goes on. */
  event_attributes: state,
  /** What it shows at first. */
  event_updates: state,
  name: Type.String({ minLength: 1, maxLength: 128 }),
  ...look,
  include_aliases: message.include_aliases,
  include_subscription_ids: message.include_subscription_ids,
  included_segments: message.included_segments,
  excluded_segments: message.excluded_segments,
  filters: message.filters,
  /** Push, which is the only one. */
  target_channel: message.target_channel,
  idempotency_key: message.idempotency_key,
});
export type StartLiveActivityBody = Static<typeof startLiveActivityBody>;

export const startLiveActivityAnswer = Type.Object({ notification_id: Type.String() });
export type StartLiveActivityAnswer = Static<typeof startLiveActivityAnswer>;

/** POST /apps/{app_id}/live_activities/{activity_id}/notifications: to every device on which the activity goes on. */
export const updateLiveActivityBody = Type.Object({
  event: Type.Enum(['update', 'end']),
  event_updates: state,
  name: Type.String({ minLength: 1, maxLength: 128 }),
  ...look,
  /** The other name of `ios_sound`. */
  sound: message.ios_sound,
  /** With `end`: when the activity leaves the screen, four hours later when absent. */
  dismissal_date: seconds,
});
export type UpdateLiveActivityBody = Static<typeof updateLiveActivityBody>;

export const updateLiveActivityAnswer = Type.Object({ id: Type.String() });
export type UpdateLiveActivityAnswer = Static<typeof updateLiveActivityAnswer>;

/** Hexadecimal digits, as iOS gives them out. */
const token = Type.String({ pattern: '^[0-9a-fA-F]{64,200}$' });
const deviceType = field(Type.Integer());

/** POST /apps/{app_id}/live_activities/{activity_id}/token */
export const activityTokenBody = Type.Object({
  subscription_id: Type.String(),
  push_token: token,
  device_type: deviceType,
});

/** PUT /apps/{app_id}/activities/tokens/start/{activity_type}/subscriptions/{subscription_id} */
export const startTokenBody = Type.Object({ activity_token: token, device_type: deviceType });

export const activityParams = Type.Object({ app_id: Type.String(), activity_id: activityId });
export const activityTypeParams = Type.Object({ app_id: Type.String(), activity_type: activityType });

/** The live activity that a message is about, under the wire's names. */
export type LiveActivity =
  | {
      readonly event: 'start';
      readonly activity_type: string;
      readonly activity_id: string;
      readonly event_attributes: Readonly<Record<string, unknown>>;
      readonly event_updates: Readonly<Record<string, unknown>>;
      readonly stale_date: number | null;
    }
  | {
      readonly event: 'update' | 'end';
      readonly activity_id: string;
      readonly event_updates: Readonly<Record<string, unknown>>;
      readonly stale_date: number | null;
      readonly dismissal_date: number | null;
    };
