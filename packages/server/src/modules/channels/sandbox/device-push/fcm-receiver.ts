import type { Clock } from '../../../../platform/clock.ts';
import { newId } from '../../../../platform/ids.ts';
import { violationsIn } from './check-fcm-message.ts';
import type { DevicePush } from './device-push.ts';
import { fcmReplyOf, invalidArgument } from './fcm-errors.ts';
import type { FcmRefusal } from './fcm-errors.ts';
import { GoogleTokens } from './google-tokens.ts';
import { startHttp2Receiver } from './http2-receiver.ts';
import type { Http2Receiver, ReceivedRequest, Reply } from './http2-receiver.ts';
import { messageIdIn } from './message-id-in.ts';
import { FaultPlayer } from './play-fault.ts';
import type { RefusalFault } from './play-fault.ts';
import { readJsonObject } from './read-json-object.ts';
import { wordFaultOf } from './scripted-device-fault.ts';
import { shownHeaders } from './shown-headers.ts';

export interface FcmReceiverOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** PEM: service accounts must sign with its private part. Absent: what they send need only be of the right form. */
  readonly publicKey?: string;
  /** Takes the push in. The sender gets its 200 when this resolves, or 500 when it rejects. */
  readonly take: (push: DevicePush) => Promise<void>;
  /** Whether the app is no more on the device of a token. Absent: it always is. */
  readonly isGone?: (token: string) => Promise<boolean>;
}

export interface FcmReceiver extends Http2Receiver {
  /** All access tokens that were given out end now. */
  endTokens(): void;
}

const SEND = /^\/v1\/projects\/([^/]+)\/messages:send$/;

/**
 * FCM's HTTP v1 API as its clients see it, with Google's token endpoint at `/token`, over HTTP/2 in the clear: the
 * same paths, statuses and error details. It passes nothing on, and plays the faults that tokens ask for
 * (scripted-device-fault.ts).
 */
export async function startFcmReceiver(options: FcmReceiverOptions): Promise<FcmReceiver> {
  const { clock, host, port, publicKey = null, isGone } = options;
  const tokens = new GoogleTokens(publicKey);
  const faults = new FaultPlayer(clock);

  async function answer({ headers, body }: ReceivedRequest): Promise<Reply> {
    const path = headers[':path'] ?? '';
    const now = clock.now();
    if (path === '/token') return tokens.give(body, now);
    const project = SEND.exec(path)?.[1];
    if (project === undefined || headers[':method'] !== 'POST') return { kind: 'answer', status: 404 };
    if (!tokens.knows(headers.authorization, now)) return fcmReplyOf(UNAUTHENTICATED);
    const payload = readJsonObject(body);
    const message = payload?.['message'];
    if (payload === null || typeof message !== 'object' || message === null) {
      return fcmReplyOf(invalidArgument([{ field: 'message', description: 'Missing or not a message' }]));
    }
    const violations = violationsIn(message as Readonly<Record<string, unknown>>);
    if (violations.length > 0) return fcmReplyOf(invalidArgument(violations));
    const { token, data = {} } = message as { token: string; data?: Readonly<Record<string, string>> };
    const messageId = messageIdIn(data);
    return faults.play({
      fault: (await isGone?.(token)) === true ? 'gone' : wordFaultOf(token),
      key: `${messageId} ${token}`,
      async accept() {
        const name = `projects/${project}/messages/0:${now}%${newId().replaceAll('-', '')}`;
        await options.take({
          transport: 'android_push',
          sender: `projects/${project}`,
          token,
          messageId,
          providerId: name,
          headers: shownHeaders(headers),
          payload,
          at: now,
        });
        return { kind: 'answer', status: 200, headers: JSON_TYPE, body: JSON.stringify({ name }) };
      },
      refuse: (fault) => fcmReplyOf(refusalOf(fault)),
    });
  }
  const receiver = await startHttp2Receiver({ host, port, answer });
  return { ...receiver, endTokens: () => tokens.endAll() };
}

const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' };

const UNAUTHENTICATED: FcmRefusal = {
  status: 401,
  rpcStatus: 'UNAUTHENTICATED',
  message: 'Request had invalid authentication credentials. Expected OAuth 2 access token.',
};

function refusalOf(fault: RefusalFault): FcmRefusal {
  switch (fault) {
    case 'gone':
      return {
        status: 404,
        rpcStatus: 'NOT_FOUND',
        message: 'Requested entity was not found.',
        errorCode: 'UNREGISTERED',
      };
    case 'unknown':
      return invalidArgument([{ field: 'message.token', description: 'Invalid registration token' }]);
    case 'stranger':
      return {
        status: 403,
        rpcStatus: 'PERMISSION_DENIED',
        message: 'SenderId mismatch',
        errorCode: 'SENDER_ID_MISMATCH',
      };
    case 'large':
      return invalidArgument([{ field: 'message', description: 'Message is too big' }]);
    case 'busy':
      return {
        status: 429,
        rpcStatus: 'RESOURCE_EXHAUSTED',
        message: 'Quota exceeded.',
        errorCode: 'QUOTA_EXCEEDED',
      };
    case 'defer':
      return {
        status: 503,
        rpcStatus: 'UNAVAILABLE',
        message: 'The service is currently unavailable.',
        errorCode: 'UNAVAILABLE',
      };
  }
}
