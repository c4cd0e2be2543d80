import type { PushTransport } from '../../transport.ts';
import type { PushButton, ReadablePush } from './readable-message.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * What a device or browser shows of a payload: of ours, and of others that say it in the way of their platform
 * (`aps.alert`, FCM's `notification`, `title` and `body` of web push). Takes anything: whoever sends here is trying
 * something out.
 */
export function readNotification(channel: PushTransport, payload: unknown): ReadablePush {
  switch (channel) {
    case 'ios_push':
      return ofIphone(asObject(payload));
    case 'android_push':
      return ofAndroid(asObject(asObject(payload)['message']));
    case 'huawei_push':
      return ofHuawei(asObject(asObject(payload)['message']));
    case 'amazon_push':
      return ofBundle(asObject(asObject(payload)['data']));
    case 'web_push':
      return typeof payload === 'string' && payload !== ''
        ? { ...ofBrowser({}), body: payload }
        : ofBrowser(asObject(payload));
  }
}

function ofIphone(payload: Json): ReadablePush {
  // What a live activity shows.
  const { alert, 'content-state': state } = asObject(payload['aps']);
  const words = typeof alert === 'string' ? { body: alert } : asObject(alert);
  return {
    title: text(words['title']),
    subtitle: text(words['subtitle']),
    body: text(words['body']),
    icon: null,
    image: text(Object.values(asObject(payload['att']))[0]),
    buttons: buttonsOf(payload['buttons']),
    ...customOf(asObject(payload['custom'])),
    ...(state !== undefined && { data: asObject(state) }),
  };
}

function ofAndroid(message: Json): ReadablePush {
  const push = ofBundle(asObject(message['data']));
  const notification = asObject(message['notification']);
  return {
    ...push,
    title: push.title ?? text(notification['title']),
    body: push.body ?? text(notification['body']),
    image: push.image ?? text(notification['image']),
  };
}

/** What the system shows is in a notification, and what the app's SDK shows in the data: JSON in a text. */
function ofHuawei(message: Json): ReadablePush {
  const push = ofBundle(asObject(parse(message['data'])));
  const notification = asObject(asObject(message['android'])['notification']);
  const { url, intent } = asObject(notification['click_action']);
  const buttons = Array.isArray(notification['buttons']) ? notification['buttons'].map(asObject) : [];
  return {
    ...push,
    title: push.title ?? text(notification['title']),
    body: push.body ?? text(notification['body']),
    image: push.image ?? text(notification['image']),
    url: push.url ?? text(url) ?? text(intent),
    buttons: [
      ...push.buttons,
      ...buttons.map(({ name, data }) => ({
        id: text(asObject(parse(data))['actionId']) ?? '',
        text: text(name) ?? '',
      })),
    ],
  };
}

/** The data that the SDKs on Android devices read. */
function ofBundle(data: Json): ReadablePush {
  return {
    title: text(data['title']),
    subtitle: null,
    body: text(data['alert']),
    icon: text(data['licon']),
    image: text(data['bicon']),
    buttons: buttonsOf(parse(data['o'])),
    ...customOf(asObject(parse(data['custom']))),
  };
}

function ofBrowser(payload: Json): ReadablePush {
  return {
    title: text(payload['title']),
    subtitle: null,
    body: text(payload['alert']) ?? text(payload['body']),
    icon: text(payload['icon']),
    image: text(payload['image']),
    buttons: buttonsOf(payload['o']),
    ...customOf(asObject(payload['custom'])),
  };
}

function customOf({ u, a }: Json): Pick<ReadablePush, 'url' | 'data'> {
  return { url: text(u), data: a === undefined ? null : asObject(a) };
}

function buttonsOf(value: unknown): PushButton[] {
  if (!Array.isArray(value)) return [];
  return value.map(asObject).map(({ i, n }) => ({ id: text(i) ?? '', text: text(n) ?? '' }));
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function parse(value: unknown): unknown {
  try {
    return JSON.parse(text(value) ?? 'null') as unknown;
  } catch {
    return null;
  }
}
