import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../../../platform/clock.ts';
import { segmentsOf } from '../../sms/segments.ts';
import type { TakeSms } from '../numbers/arrived-sms.ts';
import { NumberPlayer } from '../numbers/play-number.ts';
import { readBody, startHttpReceiver } from '../web/http-receiver.ts';
import type { HttpAnswer } from '../web/http-receiver.ts';
import { signerOf } from './check-request.ts';
import { readPublish } from './read-publish.ts';
import type { AskedPublish } from './read-publish.ts';

export interface SnsReceiverOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The secret of an access key; null: whatever signs is taken, when it is of the right form. */
  readonly secretOf: (accessKeyId: string) => string | null;
  readonly take: TakeSms;
}

export interface SnsReceiver {
  /** What `base_url` of the settings is for this receiver. */
  readonly baseUrl: string;
  /** Connections that are open now. */
  connections(): number;
  close(): Promise<void>;
}

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

/**
 * Text messages of Amazon SNS: checks who asks, answers as SNS does, and plays what the recipient's number asks for
 * (scripted-number.ts). It passes nothing on, and reports nothing: SNS tells what became of a message in a log of AWS.
 */
export async function startSnsReceiver(options: SnsReceiverOptions): Promise<SnsReceiver> {
  const { clock, secretOf, take } = options;
  const numbers = new NumberPlayer(clock);

  async function receive(
    accessKeyId: string,
    { to, text, from, delivery }: AskedPublish,
  ): Promise<HttpAnswer | null> {
    const verdict = await numbers.play(to);
    switch (verdict.kind) {
      case 'refuse':
        return refusal(400, 'InvalidParameter', `Invalid parameter: PhoneNumber Reason: ${to} is not valid`);
      case 'defer':
        return refusal(500, 'InternalError', 'The request could not be processed');
      case 'throttle':
        return refusal(429, 'Throttled', 'Rate exceeded');
      case 'cut':
        return null;
      case 'take': {
        const ref = randomUUID();
        const message = {
          account: accessKeyId,
          from,
          to,
          text,
          mediaUrls: [],
          segments: segmentsOf(text),
          ref,
        };
        await take({ ...message, deliveryKey: delivery, fate: verdict.fate, at: clock.now() });
        return verdict.isAnswered ? published(ref) : null;
      }
    }
  }

  async function answerTo(request: IncomingMessage): Promise<HttpAnswer | null> {
    try {
      const body = await readBody(request);
      const signer = signerOf(request, body, clock.now(), secretOf);
      if ('fault' in signer) return refusal(403, signer.fault, 'The request is not signed as it should');
      const asked = readPublish(body);
      return 'code' in asked
        ? refusal(400, asked.code, asked.words)
        : await receive(signer.accessKeyId, asked);
    } catch {
      return refusal(500, 'InternalError', 'The request could not be processed');
    }
  }

  const { origin, connections, close } = await startHttpReceiver({ ...options, answerTo });
  return { baseUrl: origin, connections, close };
}

function published(messageId: string): HttpAnswer {
  const result = `<PublishResult><MessageId>${messageId}</MessageId></PublishResult>`;
  return xml(200, `<PublishResponse xmlns="${NAMESPACE}">${result}${metadata()}</PublishResponse>`);
}

function refusal(status: number, code: string, words: string): HttpAnswer {
  const type = status < 500 ? 'Sender' : 'Receiver';
  const error = `<Error><Type>${type}</Type><Code>${code}</Code><Message>${words}</Message></Error>`;
  return xml(
    status,
    `<ErrorResponse xmlns="${NAMESPACE}">${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  );
}

function metadata(): string {
  return `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
}

function xml(status: number, body: string): HttpAnswer {
  return { status, body, headers: { 'content-type': 'text/xml' } };
}
