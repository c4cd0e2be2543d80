import type { FeedEvent } from '@carillon/wire';
import { deviceTypeOf } from './device-type.ts';
import type { MessageFacts, PersonFacts } from './facts-store.ts';

/** Longer texts of pushes and SMS are cut off, as event streams always have. */
const LONGEST_CONTENTS = 50;

/** What Liquid of a stream sees of one event, under the documented names. */
export interface EventObjects {
  readonly event: Readonly<Record<string, unknown>>;
  readonly message: Readonly<Record<string, unknown>>;
  readonly user: Readonly<Record<string, unknown>>;
}

/** What is missing is empty. */
export function objectsOf(
  appId: string,
  event: FeedEvent,
  message: MessageFacts | undefined,
  person: PersonFacts | undefined,
): EventObjects {
  return {
    event: {
      kind: event.kind,
      id: event.id,
      timestamp: Math.floor(Date.parse(event.at) / 1_000),
      datetime: event.at,
      app_id: appId,
      subscription_device_type: deviceTypeOf(person?.type ?? null),
      subscription_id: event.subscription_id ?? '',
      onesignal_id: event.onesignal_id ?? '',
      external_id: event.external_id ?? '',
      data: { failure_reason: event.reason ?? '', url: event.url ?? '', ...event.data },
    },
    message: {
      id: event.message_id ?? '',
      name: event.message_name ?? '',
      title: message?.headings ?? message?.subject ?? '',
      contents: clipped(message?.contents ?? null),
      template_id: event.template_id ?? '',
      url: message?.url ?? '',
      app_url: message?.appUrl ?? '',
      web_url: message?.webUrl ?? '',
    },
    user: {
      onesignal_id: event.onesignal_id ?? '',
      external_id: event.external_id ?? '',
      tags: person?.tags ?? {},
      language: person?.language ?? '',
      subscription: subscriptionOf(appId, event, person),
    },
  };
}

function subscriptionOf(appId: string, event: FeedEvent, person: PersonFacts | undefined) {
  const device = person?.device ?? {};
  return {
    id: event.subscription_id ?? '',
    app_id: appId,
    subscription_token: person?.token ?? '',
    session_count: person?.sessionCount ?? 0,
    language: person?.language ?? '',
    game_version: device['app_version'] ?? '',
    last_active: secondsOf(person?.lastActive),
    play_time: person?.playTime ?? 0,
    created_at: secondsOf(person?.createdAt),
    subscribed: person?.subscribed ?? false,
    sdk: device['sdk'] ?? '',
    device_model: device['device_model'] ?? '',
    device_os: device['device_os'] ?? '',
  };
}

function secondsOf(at: Date | null | undefined): number | string {
  return at === null || at === undefined ? '' : Math.floor(at.getTime() / 1_000);
}

function clipped(contents: MessageFacts['contents']): object | string {
  if (contents === null) return '';
  const texts = Object.entries(contents).map(([language, text]) => [
    language,
    text.slice(0, LONGEST_CONTENTS),
  ]);
  return Object.fromEntries(texts) as object;
}
