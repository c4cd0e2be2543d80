import type { IncomingHttpHeaders } from 'node:http';
import { PushRefusal } from './push-refusal.ts';

const LARGEST_BODY = 4_096;
const URGENCIES = ['very-low', 'low', 'normal', 'high'] as const;

/** A message as an app's server sends it (RFC 8030). */
export interface PushMessage {
  /** Seconds. */
  readonly ttl: number;
  readonly urgency: (typeof URGENCIES)[number];
  readonly topic: string | null;
  /** Empty: a push without words. */
  readonly body: Buffer;
}

/** Throws PushRefusal for what a push service does not take. */
export function readPushRequest(headers: IncomingHttpHeaders, body: Buffer): PushMessage {
  if (body.length > LARGEST_BODY) throw new PushRefusal(413, `the body has more than ${LARGEST_BODY} bytes`);
  const ttl = textOf(headers, 'ttl');
  if (ttl === null || !/^\d{1,10}$/.test(ttl)) {
    throw new PushRefusal(400, 'TTL is required: seconds, 0 or more');
  }
  const urgency = URGENCIES.find((each) => each === (textOf(headers, 'urgency') ?? 'normal'));
  if (urgency === undefined) throw new PushRefusal(400, `Urgency must be one of ${URGENCIES.join(', ')}`);
  const topic = textOf(headers, 'topic');
  if (topic !== null && !/^[\w-]{1,32}$/.test(topic)) {
    throw new PushRefusal(400, 'Topic must be at most 32 characters of base64url');
  }
  if (body.length > 0 && textOf(headers, 'content-encoding') !== 'aes128gcm') {
    throw new PushRefusal(400, 'Content-Encoding must be aes128gcm');
  }
  return { ttl: Number(ttl), urgency, topic, body };
}

function textOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}
