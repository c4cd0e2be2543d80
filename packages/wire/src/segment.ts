import { Type } from 'typebox';
import type { Static } from 'typebox';
import { field, textField } from './field.ts';
import { filtersField } from './filter.ts';

/** POST /apps/{app_id}/segments */
export const createSegmentBody = Type.Object({
  id: field(Type.String({ format: 'uuid' })),
  name: textField,
  description: textField,
  filters: filtersField,
});
export type CreateSegmentBody = Static<typeof createSegmentBody>;

/** PATCH /apps/{app_id}/segments/{segment_id}: filters that are given replace all; `description` "" clears it. */
export const updateSegmentBody = Type.Object({
  name: textField,
  description: textField,
  filters: filtersField,
});
export type UpdateSegmentBody = Static<typeof updateSegmentBody>;

export const segmentChanged = Type.Object({ success: Type.Boolean(), id: Type.String() });
export type SegmentChanged = Static<typeof segmentChanged>;

/** POST .../pause and .../resume. */
export const segmentPause = Type.Object({ ...segmentChanged.properties, is_active: Type.Boolean() });
export type SegmentPause = Static<typeof segmentPause>;

const textOrNull = Type.Union([Type.String(), Type.Null()]);

const segmentSummary = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: textOrNull,
  /** ISO 8601. */
  created_at: Type.String(),
  updated_at: Type.String(),
  app_id: Type.String(),
  /** Every app has it, and nobody changes it. */
  read_only: Type.Boolean(),
  /** False: paused, and no new message is for it. */
  is_active: Type.Boolean(),
});

/** GET /apps/{app_id}/segments: those of every app, then the oldest first. */
export const segmentList = Type.Object({
  total_count: Type.Integer(),
  offset: Type.Integer(),
  limit: Type.Integer(),
  segments: Type.Array(segmentSummary),
});
export type SegmentList = Static<typeof segmentList>;

const shownFilters = Type.Array(Type.Record(Type.String(), Type.Unknown()));

const counts = {
  /** Ours: the same by channel. */
  subscriber_counts: Type.Object({ push: Type.Integer(), email: Type.Integer(), sms: Type.Integer() }),
  /** Ours: 0 when everybody was looked at; else the true count is no further away, 19 times of 20. */
  margin: Type.Integer(),
};

/** GET /apps/{app_id}/segments/{segment_id} */
export const segmentView = Type.Object({
  /** Subscriptions that can be reached. */
  subscriber_count: Type.Integer(),
  ...counts,
  /** With `include-segment-detail=true`. */
  payload: Type.Optional(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      description: textOrNull,
      /** Unix seconds. */
      created_at: Type.Integer(),
      source: Type.Enum(['default', 'custom']),
      filters: shownFilters,
      is_active: Type.Boolean(),
    }),
  ),
});
export type SegmentView = Static<typeof segmentView>;

/** POST /apps/{app_id}/segments/preview */
export const segmentPreviewBody = Type.Object({
  filters: filtersField,
  /** People to show; 10 when absent. */
  sample: field(Type.Integer({ minimum: 0, maximum: 50 })),
});
export type SegmentPreviewBody = Static<typeof segmentPreviewBody>;

export const segmentPreview = Type.Object({
  subscriber_count: Type.Integer(),
  ...counts,
  sample: Type.Array(
    Type.Object({
      onesignal_id: Type.String(),
      external_id: textOrNull,
      subscription_id: Type.String(),
      type: Type.String(),
    }),
  ),
});
export type SegmentPreview = Static<typeof segmentPreview>;

/** GET /apps/{app_id}/segments/{segment_id}/members: users, in an order that stays the same. */
export const segmentMembers = Type.Object({
  /** Who is in it is kept as people come and go; otherwise the filters were asked of everybody now. */
  is_live: Type.Boolean(),
  /** Before the last page there may be few, or none. */
  members: Type.Array(Type.Object({ onesignal_id: Type.String(), external_id: textOrNull })),
  /** Absent on the last page. */
  next_cursor: Type.Optional(Type.String()),
});
export type SegmentMembers = Static<typeof segmentMembers>;
export type SegmentMember = SegmentMembers['members'][number];

/** GET /apps/{app_id}/users/by/{alias_label}/{alias_id}/segments */
export const userSegments = Type.Object({
  total_count: Type.Integer(),
  offset: Type.Integer(),
  limit: Type.Integer(),
  segments: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      is_active: Type.Boolean(),
      /** Any of the user's subscriptions is in it, or the user where there is none. */
      is_member: Type.Boolean(),
      subscription_ids: Type.Array(Type.String()),
      /** The filters between two ORs, and whether each is true of any of the user's subscriptions. */
      branches: Type.Array(
        Type.Array(
          Type.Object({ filter: Type.Record(Type.String(), Type.Unknown()), is_true: Type.Boolean() }),
        ),
      ),
    }),
  ),
});
export type UserSegments = Static<typeof userSegments>;
