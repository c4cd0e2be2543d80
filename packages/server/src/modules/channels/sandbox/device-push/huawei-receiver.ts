import type { Clock } from '../../../../platform/clock.ts';
import { newId } from '../../../../platform/ids.ts';
import { faultInHuaweiMessage } from './check-huawei-message.ts';
import type { DevicePush } from './device-push.ts';
import { startHttp1Receiver } from './http1-receiver.ts';
import type { AskedRequest, Http1Receiver } from './http1-receiver.ts';
import type { Reply } from './http2-receiver.ts';
import { huaweiReply, tokenRefusal } from './huawei-replies.ts';
import { messageIdIn } from './message-id-in.ts';
import { FaultPlayer } from './play-fault.ts';
import type { RefusalFault } from './play-fault.ts';
import { readJsonObject } from './read-json-object.ts';
import { wordFaultOf } from './scripted-device-fault.ts';
import type { DeviceFault } from './scripted-device-fault.ts';
import { SecretTokens } from './secret-tokens.ts';
import type { SecretTokensOptions } from './secret-tokens.ts';
import { shownHeaders } from './shown-headers.ts';

export interface HuaweiReceiverOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The client secret of an app, or null where there is no such app. Absent: any app has any secret. */
  readonly secretOf?: SecretTokensOptions['secretOf'];
  /** Takes the push in, once for each token. The sender gets its 200 when they resolve, or 500 when one rejects. */
  readonly take: (push: DevicePush) => Promise<void>;
  /** Whether the app is no more on the device of a token. Absent: it always is. */
  readonly isGone?: (token: string) => Promise<boolean>;
}

export interface HuaweiReceiver extends Http1Receiver {
  /** All access tokens that were given out end now. */
  endTokens(): void;
}

const SEND = /^\/(?:v1\/(\d+)|v2\/(\d+))\/messages:send$/;

/** What Huawei says of one token of a request; the other faults are the whole request's. */
const OF_TOKENS: ReadonlySet<DeviceFault | null> = new Set(['gone', 'unknown', 'stranger'] as const);

/**
 * Huawei Push Kit as its clients see it, with Huawei's token endpoint at `/oauth2/v3/token`: the same paths, statuses
 * and codes. It passes nothing on, and plays the faults that tokens ask for (scripted-device-fault.ts).
 */
export async function startHuaweiReceiver(options: HuaweiReceiverOptions): Promise<HuaweiReceiver> {
  const { clock, host, port, secretOf, isGone } = options;
  const tokens = new SecretTokens({ ...(secretOf !== undefined && { secretOf }), refuse: tokenRefusal });
  const faults = new FaultPlayer(clock);

  async function answer({ method, path, headers, body }: AskedRequest): Promise<Reply> {
    const now = clock.now();
    if (method !== 'POST') return { kind: 'answer', status: 404 };
    if (path === '/oauth2/v3/token') return tokens.give(body, now);
    const [, appId, projectId] = SEND.exec(path) ?? [];
    if (appId === undefined && projectId === undefined) return { kind: 'answer', status: 404 };
    const client = tokens.clientOf(headers.authorization, now);
    // A token of another app is none; one of a project's client serves all its apps.
    if (client === null || (appId !== undefined && client !== appId)) return huaweiReply('80200001');
    const payload = readJsonObject(body);
    const fault = faultInHuaweiMessage(payload);
    if (payload === null || fault !== null) return huaweiReply(fault ?? '80100003');
    const message = payload['message'] as { token: readonly string[]; data?: string };
    return give({ sender: appId ?? projectId ?? '', headers: shownHeaders(headers), payload, message, now });
  }

  async function give(asked: {
    readonly sender: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly payload: Readonly<Record<string, unknown>>;
    readonly message: { readonly token: readonly string[]; readonly data?: string };
    readonly now: number;
  }): Promise<Reply> {
    const { sender, headers, payload, message, now } = asked;
    const scripts = await Promise.all(
      message.token.map(async (token) => ((await isGone?.(token)) === true ? 'gone' : wordFaultOf(token))),
    );
    const illegal = message.token.filter((_, index) => OF_TOKENS.has(scripts[index] ?? null));
    if (illegal.length === message.token.length) return huaweiReply('80300007');
    const legal = message.token.filter((token) => !illegal.includes(token));
    const messageId = messageIdIn(readJsonObject(Buffer.from(message.data ?? '')));
    return faults.play({
      fault: scripts.find((script) => script !== null && !OF_TOKENS.has(script)) ?? null,
      key: `${messageId} ${legal.join(' ')}`,
      async accept() {
        const requestId = `${now}${newId().replaceAll('-', '')}`;
        for (const token of legal) {
          await options.take({
            transport: 'huawei_push',
            sender,
            token,
            messageId,
            providerId: requestId,
            headers,
            payload: { ...payload, message: { ...message, token: [token] } },
            at: now,
          });
        }
        if (illegal.length === 0) return huaweiReply('80000000', requestId);
        return huaweiReply('80100000', requestId, {
          success: legal.length,
          failure: illegal.length,
          illegal_tokens: illegal,
        });
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
    case 'unknown':
    case 'stranger':
      return huaweiReply('80300007');
    case 'large':
      return huaweiReply('80300008');
    case 'busy':
      return { ...huaweiReply('80600003'), status: 503, headers: { 'retry-after': '30' } };
    case 'defer':
      return huaweiReply('81000001');
  }
}
