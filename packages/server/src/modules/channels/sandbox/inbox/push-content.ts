import type { PushTransport } from '../../transport.ts';
import type { DevicePush } from '../device-push/device-push.ts';
import type { ArrivedPush } from '../push-service/take-push.ts';
import type { KeptMessage } from './message-box.ts';
import { readNotification } from './read-notification.ts';
import { NOTHING, previewOf } from './readable-message.ts';
import type { ReadableMessage } from './readable-message.ts';

/** A push as it is kept. */
interface PushContent {
  readonly headers: Readonly<Record<string, string>>;
  /** What was posted to a device, or decrypted for a browser: there it may be any text. */
  readonly payload: unknown;
}

export function writeDevicePush({ headers, payload }: DevicePush): Buffer {
  return Buffer.from(JSON.stringify({ headers, payload } satisfies PushContent));
}

export function writeBrowserPush({ ttl, urgency, topic, payload }: ArrivedPush): Buffer {
  const headers = { ttl: String(ttl), urgency, ...(topic !== null && { topic }) };
  return Buffer.from(JSON.stringify({ headers, payload: parse(payload) } satisfies PushContent));
}

export function readPush(
  { channel, sender }: KeptMessage & { readonly channel: PushTransport },
  raw: Buffer,
): ReadableMessage {
  const { headers, payload } = JSON.parse(raw.toString('utf8')) as PushContent;
  const push = readNotification(channel, payload);
  const text = push.body ?? '';
  return {
    ...NOTHING,
    from: { name: '', address: sender },
    subject: push.title ?? '',
    preview: previewOf(text),
    text,
    headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
    push,
  };
}

/** What was posted, laid out. */
export function sourceOfPush(raw: Buffer): string {
  const { payload } = JSON.parse(raw.toString('utf8')) as PushContent;
  return typeof payload === 'string' ? payload : JSON.stringify(payload, null, 2);
}

/** Apps may send a browser anything. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
