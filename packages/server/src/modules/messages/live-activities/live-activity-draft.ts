import type {
  CreateMessageBody,
  LiveActivity,
  StartLiveActivityBody,
  UpdateLiveActivityBody,
} from '@carillon/wire';
import type { ChangeSource } from '../../identity/index.ts';
import type { SavedSegments } from '../../segments/index.ts';
import { parseMessage } from '../create/parse-message.ts';
import type { MessageDraft } from '../create/parse-message.ts';
import { wrong } from '../wrong-field.ts';

/** Who asks, and of which app. */
export interface Asker {
  readonly appId: string;
  readonly source: ChangeSource;
  /** The app's segments of the names in the request; none when absent. */
  readonly saved?: SavedSegments;
}

/** A message that starts an activity on devices of an audience. Throws ApiError. */
export function draftOfStart(
  { appId, source, saved }: Asker,
  activityType: string,
  body: StartLiveActivityBody,
): MessageDraft {
  if (!body.headings?.['en']?.trim())
    throw wrong('headings.en', 'is required: the device announces the start');
  requireOneWay(body);
  const { event, activity_id, event_attributes, event_updates, stale_date = null, ...message } = body;
  const liveActivity: LiveActivity = {
    event,
    activity_type: activityType,
    activity_id,
    event_attributes,
    event_updates,
    stale_date,
  };
  const request: CreateMessageBody = { app_id: appId, ...message, isIos: true, target_channel: 'push' };
  return { ...parseMessage(appId, request, source, saved), liveActivity };
}

/** A message that changes or ends an activity on the devices of these subscriptions. Throws ApiError. */
export function draftOfUpdate(
  { appId, source }: Asker,
  activityId: string,
  body: UpdateLiveActivityBody,
  subscriptionIds: readonly string[],
): MessageDraft {
  const { event, event_updates, stale_date = null, dismissal_date = null, sound, ...message } = body;
  if (event === 'update' && dismissal_date !== null) {
    throw wrong('dismissal_date', 'can only be given with the event "end"');
  }
  const liveActivity: LiveActivity = {
    event,
    activity_id: activityId,
    event_updates,
    stale_date,
    dismissal_date,
  };
  const request: CreateMessageBody = {
    app_id: appId,
    ...message,
    ...(sound != null && { ios_sound: sound }),
    target_channel: 'push',
    // It is on the screen already, and must not be left showing what is not so any more.
    enable_frequency_cap: false,
    ignore_quiet_hours: true,
  };
  return {
    appId,
    source,
    channel: 'push',
    targeting: { kind: 'subscriptions', ids: subscriptionIds },
    idempotencyKey: null,
    sendAfter: null,
    body: request,
    liveActivity,
  };
}

function requireOneWay({ target_channel: channel }: StartLiveActivityBody): void {
  if (channel !== undefined && channel !== 'push') {
    throw wrong('target_channel', 'must be "push": devices take live activities by no other channel');
  }
}
