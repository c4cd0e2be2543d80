import type { Clock } from '../../../../platform/clock.ts';
import { newId } from '../../../../platform/ids.ts';
import { admReply, lwaRefusal } from './adm-replies.ts';
import { faultInAdmMessage } from './check-adm-message.ts';
import type { DevicePush } from './device-push.ts';
import { startHttp1Receiver } from './http1-receiver.ts';
import type { AskedRequest, Http1Receiver } from './http1-receiver.ts';
import type { Reply } from './http2-receiver.ts';
import { messageIdIn } from './message-id-in.ts';
import { FaultPlayer } from './play-fault.ts';
import type { RefusalFault } from './play-fault.ts';
import { readJsonObject } from './read-json-object.ts';
import { wordFaultOf } from './scripted-device-fault.ts';
import { SecretTokens } from './secret-tokens.ts';
import type { SecretTokensOptions } from './secret-tokens.ts';
import { shownHeaders } from './shown-headers.ts';

export interface AdmReceiverOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The secret of a security profile, or null where there is none. Absent: any client id has any secret. */
  readonly secretOf?: SecretTokensOptions['secretOf'];
  /** Takes the push in. The sender gets its 200 when this resolves, or 500 when it rejects. */
  readonly take: (push: DevicePush) => Promise<void>;
  /** Whether the app is no more on the device of a token. Absent: it always is. */
  readonly isGone?: (token: string) => Promise<boolean>;
}

export interface AdmReceiver extends Http1Receiver {
  /** All access tokens that were given out end now. */
  endTokens(): void;
}

const SEND = /^\/messaging\/registrations\/([^/]+)\/messages$/;
/** Registration ids that Amazon answers with another one. */
const MOVED = /^moved:(.+)$/;

/**
 * Amazon Device Messaging as its clients see it, with Login with Amazon at `/auth/O2/token`: the same paths, headers,
 * statuses and reasons. It passes nothing on, and plays the faults that registration ids ask for
 * (scripted-device-fault.ts).
 */
export async function startAdmReceiver(options: AdmReceiverOptions): Promise<AdmReceiver> {
  const { clock, host, port, secretOf, isGone } = options;
  const tokens = new SecretTokens({
    ...(secretOf !== undefined && { secretOf }),
    scope: 'messaging:push',
    refuse: lwaRefusal,
  });
  const faults = new FaultPlayer(clock);

  async function answer({ method, path, headers, body }: AskedRequest): Promise<Reply> {
    const now = clock.now();
    if (method !== 'POST') return { kind: 'answer', status: 404 };
    if (path === '/auth/O2/token') return tokens.give(body, now);
    const token = decodeURIComponent(SEND.exec(path)?.[1] ?? '');
    if (token === '') return { kind: 'answer', status: 404 };
    const sender = tokens.clientOf(headers.authorization, now);
    if (sender === null) return admReply(401, { reason: 'AccessTokenExpired' });
    const payload = readJsonObject(body);
    const fault = faultInAdmMessage(headers, payload);
    if (payload === null || fault !== null)
      return admReply(fault?.status ?? 400, { reason: fault?.reason ?? 'InvalidData' });
    const messageId = messageIdIn(payload['data']);
    return faults.play({
      fault: (await isGone?.(token)) === true ? 'gone' : wordFaultOf(token),
      key: `${messageId} ${token}`,
      async accept() {
        const providerId = newId();
        await options.take({
          transport: 'amazon_push',
          sender,
          token,
          messageId,
          providerId,
          headers: shownHeaders(headers),
          payload,
          at: now,
        });
        const [, moved] = MOVED.exec(token) ?? [];
        return admReply(200, { registrationID: moved === undefined ? token : `device:${moved}` }, providerId);
      },
      refuse: refusalOf,
    });
  }
  const receiver = await startHttp1Receiver({ host, port, answer });
  return { ...receiver, endTokens: () => tokens.endAll() };
}

function refusalOf(fault: RefusalFault) {
  switch (fault) {
    case 'gone':
      return admReply(400, { reason: 'Unregistered' });
    case 'unknown':
    case 'stranger':
      return admReply(400, { reason: 'InvalidRegistrationId' });
    case 'large':
      return admReply(413, { reason: 'MessageTooLarge' });
    case 'busy':
      return admReply(429, { reason: 'MaxRateExceeded' });
    case 'defer':
      return admReply(503, { reason: 'ServiceUnavailable' });
  }
}
