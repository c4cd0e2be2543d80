import type { Clock } from '../../../../platform/clock.ts';
import { newId } from '../../../../platform/ids.ts';
import { checkApnsRequest, checkProviderToken } from './check-apns-request.ts';
import type { ApnsRefusal } from './check-apns-request.ts';
import type { DevicePush } from './device-push.ts';
import { startHttp2Receiver } from './http2-receiver.ts';
import type { Http2Receiver, ReceivedRequest, Reply } from './http2-receiver.ts';
import { FaultPlayer } from './play-fault.ts';
import type { RefusalFault } from './play-fault.ts';
import { readJsonObject } from './read-json-object.ts';
import { apnsFaultOf } from './scripted-device-fault.ts';
import { shownHeaders } from './shown-headers.ts';

export interface ApnsReceiverOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** PEM: provider tokens must be signed with its private part. Absent: they need only be of the right form. */
  readonly publicKey?: string;
  /** Takes the push in. The sender gets its 200 when this resolves, or 500 when it rejects. */
  readonly take: (push: DevicePush) => Promise<void>;
  /** Whether the app is no more on the device of a token. Absent: it always is. */
  readonly isGone?: (token: string) => Promise<boolean>;
}

/** What a token that APNs has forgotten a while ago is answered with. */
const FORGOTTEN_MS = 24 * 3_600_000;
const DEVICE = /^\/3\/device\/([0-9a-f]+)$/i;

/**
 * Apple's push service as its clients see it, over HTTP/2 in the clear: the same paths, headers, statuses and
 * reasons. It passes nothing on, and plays the faults that tokens ask for (scripted-device-fault.ts).
 */
export async function startApnsReceiver(options: ApnsReceiverOptions): Promise<Http2Receiver> {
  const { clock, host, port, publicKey = null, isGone } = options;
  const faults = new FaultPlayer(clock);

  async function answer({ headers, body }: ReceivedRequest): Promise<Reply> {
    const id = typeof headers['apns-id'] === 'string' ? headers['apns-id'] : newId();
    const token = DEVICE.exec(headers[':path'] ?? '')?.[1];
    const now = clock.now();
    const refused =
      checkProviderToken(headers.authorization, now, publicKey) ?? checkApnsRequest(headers, body);
    if (refused !== null) return replyOf(id, refused);
    if (token === undefined) return replyOf(id, { status: 404, reason: 'BadPath' });
    if (token.length < 64 || token.length > 200)
      return replyOf(id, { status: 400, reason: 'BadDeviceToken' });
    const payload = readJsonObject(body);
    // Apple tells no more of a payload that it cannot read.
    if (payload === null) return replyOf(id, { status: 400, reason: 'PayloadEmpty' });
    return faults.play({
      fault: (await isGone?.(token)) === true ? 'gone' : apnsFaultOf(token),
      key: id,
      async accept() {
        await options.take({
          transport: 'ios_push',
          sender: String(headers['apns-topic']),
          token,
          messageId: messageIdOf(payload),
          providerId: id,
          headers: shownHeaders(headers),
          payload,
          at: now,
        });
        return { kind: 'answer', status: 200, headers: { 'apns-id': id } };
      },
      refuse: (fault) => replyOf(id, refusalOf(fault, now)),
    });
  }
  return startHttp2Receiver({ host, port, answer });
}

/** Of a notification, or of a live activity. */
function messageIdOf({ custom, aps }: Readonly<Record<string, unknown>>): string | null {
  const state = (
    aps as { 'content-state'?: { onesignal?: { notificationId?: unknown } } } | null | undefined
  )?.['content-state'];
  const id = (custom as { i?: unknown } | null | undefined)?.i ?? state?.onesignal?.notificationId;
  return typeof id === 'string' ? id : null;
}

function refusalOf(fault: RefusalFault, now: number): ApnsRefusal {
  switch (fault) {
    case 'gone':
      return { status: 410, reason: 'Unregistered', timestamp: now - FORGOTTEN_MS };
    case 'unknown':
      return { status: 400, reason: 'BadDeviceToken' };
    case 'stranger':
      return { status: 400, reason: 'DeviceTokenNotForTopic' };
    case 'large':
      return { status: 413, reason: 'PayloadTooLarge' };
    case 'busy':
      return { status: 429, reason: 'TooManyRequests' };
    case 'defer':
      return { status: 503, reason: 'ServiceUnavailable' };
  }
}

function replyOf(id: string, { status, ...body }: ApnsRefusal) {
  return {
    kind: 'answer',
    status,
    headers: {
      'apns-id': id,
      'content-type': 'application/json; charset=utf-8',
      ...(status === 429 && { 'retry-after': '30' }),
    },
    body: JSON.stringify(body),
  } as const;
}
