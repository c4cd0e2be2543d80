import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../../../platform/clock.ts';
import { sleep } from '../../../../platform/clock.ts';
import { segmentsOf } from '../../sms/segments.ts';
import { signVonageWebhook } from '../../sms/vonage/signature.ts';
import type { TakeSms } from '../numbers/arrived-sms.ts';
import { NumberPlayer } from '../numbers/play-number.ts';
import type { NumberVerdict } from '../numbers/play-number.ts';
import { readBody, startHttpReceiver } from '../web/http-receiver.ts';
import type { HttpAnswer } from '../web/http-receiver.ts';
import { Webhooks } from '../web/webhooks.ts';
import { applicationOf, readMessage } from './check-request.ts';
import type { AskedMessage } from './check-request.ts';
import { accountOfApplication } from './sandbox-account.ts';
import { accepted, problem, problemOf } from './vonage-answers.ts';

export interface VonageReceiverOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** PEM that the application's tokens must be signed for; null: they need only be of the right form. */
  readonly publicKeyOf: (applicationId: string) => string | null;
  /** What signs the webhooks of an account. */
  readonly signatureSecret: string;
  readonly take: TakeSms;
  /** How long after a message's arrival its fate is reported, in milliseconds. */
  readonly reportAfterMs: number;
  /** Where a message to a number of the application is told, as set in Vonage's dashboard; null: nowhere. */
  readonly inboundUrl: (applicationId: string) => string | null;
}

export interface VonageReceiver {
  /** What `base_url` of the settings is for this receiver. */
  readonly baseUrl: string;
  /** Connections that are open now. */
  connections(): number;
  /** A person's text to a sender of an application. False when nobody has taken it. */
  text(applicationId: string, from: string, to: string, body: string): Promise<boolean>;
  close(): Promise<void>;
}

type Taken = Extract<NumberVerdict, { readonly kind: 'take' }>;

const RETRY_AFTER = { 'retry-after': '7' };
const UNREACHABLE_TELEPHONE = '1180';

/**
 * Vonage's Messages API: checks who asks, answers as Vonage does, reports what became of each message, and plays what
 * the recipient's number asks for (scripted-number.ts). It passes nothing on.
 */
export async function startVonageReceiver(options: VonageReceiverOptions): Promise<VonageReceiver> {
  const { clock, signatureSecret, take, publicKeyOf } = options;
  const webhooks = new Webhooks(clock);
  const numbers = new NumberPlayer(clock);

  function tell(applicationId: string, url: string, said: object): Promise<string | null> {
    const body = JSON.stringify(said);
    const iat = Math.floor(clock.now() / 1_000);
    const claims = { iat, jti: randomUUID(), iss: 'Vonage', application_id: applicationId };
    const authorization = signVonageWebhook(signatureSecret, body, claims);
    return webhooks.post({ url, headers: { authorization, 'content-type': 'application/json' }, body });
  }

  async function text(applicationId: string, from: string, to: string, body: string): Promise<boolean> {
    const url = options.inboundUrl(applicationId);
    if (url === null) return false;
    const answer = await tell(applicationId, url, {
      message_uuid: randomUUID(),
      to: to.replace(/^\+/, ''),
      from: from.replace(/^\+/, ''),
      timestamp: new Date(clock.now()).toISOString(),
      channel: 'sms',
      message_type: 'text',
      text: body,
      sms: {
        num_messages: String(segmentsOf(body).segments),
        keyword: body.split(' ')[0]?.toUpperCase() ?? '',
      },
    });
    return answer !== null;
  }

  function report(applicationId: string, uuid: string, message: AskedMessage, fate: Taken['fate']): void {
    const { webhookUrl, to, from, channel } = message;
    if (webhookUrl === null) return;
    webhooks.later(async () => {
      await sleep(clock, options.reportAfterMs);
      const isLost = fate === 'undelivered';
      const fates = isLost ? ['undeliverable'] : channel === 'rcs' ? ['delivered', 'read'] : ['delivered'];
      for (const status of ['submitted', ...fates]) {
        await tell(applicationId, webhookUrl, {
          message_uuid: uuid,
          to: to.slice(1),
          from: from.replace(/^\+/, ''),
          timestamp: new Date(clock.now()).toISOString(),
          status,
          channel,
          ...(status === 'undeliverable' && { error: problemOf(UNREACHABLE_TELEPHONE) }),
        });
      }
    });
  }

  async function receive(applicationId: string, body: string): Promise<HttpAnswer | null> {
    const message = readMessage(body);
    if (typeof message === 'string') return problem(422, message);
    const verdict = await numbers.play(message.to);
    switch (verdict.kind) {
      case 'refuse':
        return problem(422, verdict.vonage);
      case 'defer':
        return problem(500, '1030');
      case 'throttle':
        return problem(429, '1000', RETRY_AFTER);
      case 'cut':
        return null;
      case 'take':
        return takeIn(applicationId, message, verdict);
    }
  }

  async function takeIn(
    applicationId: string,
    message: AskedMessage,
    verdict: Taken,
  ): Promise<HttpAnswer | null> {
    const { from, to, channel, mediaUrls, webhookUrl } = message;
    const { fate } = verdict;
    const uuid = randomUUID();
    await take({
      account: accountOfApplication(applicationId),
      from: channel === 'rcs' ? `rcs:${from}` : from,
      to,
      text: message.text,
      mediaUrls,
      segments: segmentsOf(message.text),
      ref: uuid,
      deliveryKey: webhookUrl,
      fate,
      at: clock.now(),
    });
    report(applicationId, uuid, message, fate);
    if (verdict.isStopped) void text(applicationId, to, from, 'STOP');
    return verdict.isAnswered ? accepted(uuid) : null;
  }

  async function answerTo(request: IncomingMessage): Promise<HttpAnswer | null> {
    if (request.method !== 'POST' || request.url !== '/v1/messages') return problem(404, 'not-found');
    const applicationId = applicationOf(request, clock.now(), publicKeyOf);
    if (applicationId === null) return problem(401, 'unauthorized');
    try {
      return await receive(applicationId, await readBody(request));
    } catch {
      return problem(500, '1030');
    }
  }

  const { origin, connections, close } = await startHttpReceiver({ ...options, answerTo });
  return {
    baseUrl: origin,
    connections,
    text,
    async close() {
      await close();
      await webhooks.stop();
    },
  };
}
