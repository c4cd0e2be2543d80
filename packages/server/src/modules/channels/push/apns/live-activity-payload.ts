import type { LiveActivity } from '@carillon/wire';
import { timeOfId } from '../../../../platform/ids.ts';
import type { Envelope } from '../../channel.ts';
import type { RenderedPush } from '../rendered-push.ts';

/** The JSON that a live activity gets, as the system and the app's SDK read it. What is undefined is left out of it. */
export interface LiveActivityPayload {
  readonly aps: {
    /** Unix seconds: the system keeps to the newest of those that come out of order. */
    readonly timestamp: number;
    readonly event: LiveActivity['event'];
    readonly 'content-state': Readonly<Record<string, unknown>>;
    readonly 'attributes-type': string | undefined;
    readonly attributes: Readonly<Record<string, unknown>> | undefined;
    readonly 'stale-date': number | undefined;
    readonly 'dismissal-date': number | undefined;
    readonly 'relevance-score': number | undefined;
    readonly alert: Readonly<Record<string, string>> | undefined;
  };
}

/** The app's SDK knows an activity by `attributes.onesignal`, and a message by `content-state.onesignal`. */
export function liveActivityPayloadOf(
  { messageId, content }: Envelope<RenderedPush>,
  activity: LiveActivity,
): LiveActivityPayload {
  const { fields } = content;
  const isStart = activity.event === 'start';
  return {
    aps: {
      timestamp: Math.floor(timeOfId(messageId) / 1_000),
      event: activity.event,
      'content-state': { ...activity.event_updates, onesignal: { notificationId: messageId } },
      'attributes-type': isStart ? activity.activity_type : undefined,
      attributes: isStart
        ? { ...activity.event_attributes, onesignal: { activityId: activity.activity_id } }
        : undefined,
      'stale-date': activity.stale_date ?? undefined,
      'dismissal-date': isStart ? undefined : (activity.dismissal_date ?? undefined),
      'relevance-score': fields.ios_relevance_score,
      alert: alertOf(content),
    },
  };
}

/** Without words the activity changes in silence. */
function alertOf({ title, body, fields }: RenderedPush): Readonly<Record<string, string>> | undefined {
  if (title === null && body === null) return undefined;
  const { ios_sound: sound = 'default' } = fields;
  return {
    ...(title !== null && { title }),
    ...(body !== null && { body }),
    ...(sound !== 'nil' && { sound }),
  };
}
