import { createHash, sign } from 'node:crypto';
import { signAwsRequest } from '../../../../platform/outbound/index.ts';
import { listAt, parseJson, textAt } from '../../read-json.ts';
import { readHeader } from '../mail/read-header.ts';
import { argsOf, withArgs } from './echoed-args.ts';
import { answer, refuse } from './mail-provider.ts';
import type { ApiAnswer, ApiRequest, MailProvider, Received, ToldMail, Webhook } from './mail-provider.ts';
import { makeSelfSigned } from './self-signed.ts';
import type { SelfSigned } from './self-signed.ts';

/** What the sandbox's SES takes, and the topic that it publishes to. */
export const SES = {
  region: 'us-east-1',
  accessKeyId: 'AKIASANDBOX',
  secretAccessKey: 'sandbox',
  topicArn: 'arn:aws:sns:us-east-1:000000000000:carillon',
} as const;

const CREDENTIALS = { ...SES, sessionToken: null };
const CERTIFICATE_PATH = '/SimpleNotificationService-sandbox.pem';
const LATEST_MS = 5 * 60_000;
const LARGEST_MAIL = 40 * 1024 * 1024;
const TAG = /^[\w.@-]{1,256}$/;

/** Making a key takes a moment: it is made at the first report. */
let identity: SelfSigned | null = null;
const identityOf = (): SelfSigned => (identity ??= makeSelfSigned('sns.sandbox'));

/** SES: `POST /v2/email/outbound-emails` with raw content, and events through a topic of SNS. */
export const sandboxSes: MailProvider = {
  receive(request): Received {
    const { method, path } = request;
    if (method === 'GET' && path === CERTIFICATE_PATH) return refuse(200, identityOf().certificate);
    if (!isSigned(request)) {
      const words = 'The request signature we calculated does not match the signature you provided.';
      return { kind: 'answer', answer: refusal(403, 'InvalidSignatureException', words) };
    }
    if (method !== 'POST' || path !== '/v2/email/outbound-emails') {
      return { kind: 'answer', answer: refusal(404, 'UnknownOperationException', '') };
    }
    return receiveMail(request);
  },
  accepted: (id) => answer(200, { MessageId: id }),
  refused: () => refusal(400, 'BadRequestException', 'Illegal address'),
  deferred: () => refusal(503, 'ServiceUnavailable', 'The service is not available'),
  throttled: () => ({
    ...refusal(429, 'TooManyRequestsException', 'Maximum sending rate exceeded.'),
    headers: { 'x-amzn-errortype': 'TooManyRequestsException', 'retry-after': '7' },
  }),
  tell: (told, now, baseUrl) => told.map((one) => notificationOf(one, now, baseUrl)),
};

function refusal(status: number, code: string, message: string): ApiAnswer {
  return answer(status, { message }, { 'x-amzn-errortype': code });
}

function isSigned({ method, wholePath, headers, body, now }: ApiRequest): boolean {
  const [, y, mo, d, h, mi, s] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers['x-amz-date'] ?? '') ?? [];
  const at = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  if (Number.isNaN(at) || Math.abs(now - at) > LATEST_MS) return false;
  const url = `http://${headers['host']}${wholePath}`;
  const signed = signAwsRequest(
    {
      service: 'ses',
      region: SES.region,
      method: method === 'POST' ? 'POST' : 'GET',
      url,
      headers: { 'Content-Type': headers['content-type'] ?? '' },
      body,
    },
    CREDENTIALS,
    at,
  );
  return headers['authorization'] === signed['Authorization'];
}

function receiveMail({ body }: ApiRequest): Received {
  const said = parseJson(body.toString('utf8'));
  const [recipient = ''] = listAt(said, 'Destination', 'ToAddresses').map(String);
  const raw = Buffer.from(textAt(said, 'Content', 'Raw', 'Data'), 'base64');
  const tags = listAt(said, 'EmailTags').map((tag) => [textAt(tag, 'Name'), textAt(tag, 'Value')] as const);
  const fault = faultIn(recipient, raw, tags.flat());
  if (fault !== null) return { kind: 'answer', answer: refusal(400, 'BadRequestException', fault) };
  const sender = textAt(said, 'FromEmailAddress');
  const messageId = readHeader(raw, 'Message-ID') ?? '';
  const mail = {
    sender,
    recipient,
    messageId,
    raw: withArgs(raw, Object.fromEntries(tags)),
    idempotencyKey: null,
  };
  return { kind: 'mail', mail };
}

function faultIn(recipient: string, raw: Buffer, tags: readonly string[]): string | null {
  if (!/^[^\s@]+@[\x21-\x7e]+$/.test(recipient)) return 'Missing final @domain';
  if (raw.length === 0) return 'The raw message is empty';
  if (raw.length > LARGEST_MAIL) return 'Message length is more than 41943040 bytes long';
  return tags.every((text) => TAG.test(text)) ? null : 'Invalid tag';
}

function notificationOf({ news, raw }: ToldMail, now: number, baseUrl: string): Webhook {
  const { message, kind, at } = news;
  const timestamp = new Date(at).toISOString();
  const said = saidOf(news, timestamp);
  const tags = Object.fromEntries(Object.entries(argsOf(raw)).map(([name, value]) => [name, [value]]));
  const mail = {
    timestamp,
    messageId: `sandbox-${message.id}`,
    source: message.sender,
    destination: [message.recipient],
    headersTruncated: false,
    headers: [{ name: 'Message-ID', value: message.provider_id }],
    commonHeaders: { messageId: message.provider_id },
    tags,
  };
  const published = {
    Type: 'Notification',
    MessageId: createHash('sha256').update(`${message.id} ${kind}`).digest('hex').slice(0, 32),
    TopicArn: SES.topicArn,
    Message: JSON.stringify({ mail, ...said }),
    Timestamp: new Date(now).toISOString(),
  };
  return signSns(published, baseUrl);
}

/** A message of the sandbox's topic, signed as SNS signs. */
export function signSns(published: Readonly<Record<string, string>>, baseUrl: string): Webhook {
  const { key } = identityOf();
  const text = Object.entries(published)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('');
  const body = JSON.stringify({
    ...published,
    SignatureVersion: '2',
    Signature: sign('sha256', Buffer.from(text), key).toString('base64'),
    SigningCertURL: baseUrl + CERTIFICATE_PATH,
  });
  const headers = {
    'content-type': 'text/plain; charset=UTF-8',
    'x-amz-sns-message-type': published['Type'] ?? '',
  };
  return { headers, body };
}

function saidOf({ kind, reason, message }: ToldMail['news'], timestamp: string): object {
  const bouncedRecipients = [{ emailAddress: message.recipient, diagnosticCode: reason ?? '' }];
  switch (kind) {
    case 'delivered':
      return { eventType: 'Delivery', delivery: { timestamp, smtpResponse: '250 ok' } };
    case 'bounced':
      return {
        eventType: 'Bounce',
        bounce: { bounceType: 'Permanent', bounceSubType: 'General', timestamp, bouncedRecipients },
      };
    case 'soft_bounced':
      return {
        eventType: 'Bounce',
        bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull', timestamp, bouncedRecipients },
      };
    case 'complained':
      return { eventType: 'Complaint', complaint: { timestamp, complaintFeedbackType: 'abuse' } };
  }
}
