import { listAt, parseJson, textAt, valueAt } from '../../read-json.ts';
import { argsOf } from './echoed-args.ts';
import { answer, refuse } from './mail-provider.ts';
import type { ApiRequest, MailProvider, Received, ToldMail, Webhook } from './mail-provider.ts';
import { writeFields } from './write-fields.ts';

/** What the sandbox's Postmark takes, and what its webhooks show. */
export const POSTMARK = { serverToken: 'sandbox', user: 'sandbox', password: 'sandbox' } as const;

const AUTHORIZATION = `Basic ${Buffer.from(`${POSTMARK.user}:${POSTMARK.password}`).toString('base64')}`;
const LARGEST_BODY = 10 * 1024 * 1024;
const EMAIL = /[^\s@<>]+@[\x21-\x7e]+/;

const error = (ErrorCode: number, Message: string) => ({ ErrorCode, Message });

/** Postmark: `POST /email`. */
export const sandboxPostmark: MailProvider = {
  receive(request): Received {
    const { method, path, headers, body } = request;
    if (headers['x-postmark-server-token'] !== POSTMARK.serverToken) {
      return refuse(401, error(10, 'Request does not contain a valid Server token.'));
    }
    if (method !== 'POST' || path !== '/email') return refuse(404, error(404, 'Not found'));
    if (body.length > LARGEST_BODY) return refuse(413, error(413, 'Payload too large'));
    return receiveMail(request);
  },
  accepted: (id, { recipient }) =>
    answer(200, { To: recipient, SubmittedAt: new Date().toISOString(), MessageID: id, ...error(0, 'OK') }),
  refused: () =>
    answer(422, error(406, 'You tried to send to recipient(s) that have been marked as inactive.')),
  deferred: () => answer(503, error(100, 'Maintenance')),
  throttled: () => answer(429, error(429, 'Rate limit exceeded'), { 'retry-after': '7' }),
  tell: (told) => told.map(webhookOf),
};

function receiveMail({ body, now }: ApiRequest): Received {
  const said = parseJson(body.toString('utf8'));
  const metadata = (valueAt(said, 'Metadata') ?? {}) as Record<string, string>;
  const fault = faultIn(said, metadata);
  if (fault !== null) return refuse(422, error(300, fault));
  const headers = Object.fromEntries(
    listAt(said, 'Headers').map((header) => [textAt(header, 'Name'), textAt(header, 'Value')]),
  );
  const { 'X-PM-KeepID': keepsId, 'Message-ID': messageId = '', ...others } = headers;
  const mail = writeFields({
    from: textAt(said, 'From'),
    to: textAt(said, 'To'),
    replyTo: textAt(said, 'ReplyTo') || null,
    subject: textAt(said, 'Subject'),
    html: textAt(said, 'HtmlBody'),
    text: textAt(said, 'TextBody') || null,
    headers: { ...others, 'Message-ID': keepsId === 'true' ? messageId : '' },
    files: listAt(said, 'Attachments').map((file) => ({
      filename: textAt(file, 'Name'),
      contentType: textAt(file, 'ContentType'),
      base64: textAt(file, 'Content'),
    })),
    args: metadata,
    idempotencyKey: null,
    now,
  });
  return { kind: 'mail', mail };
}

function faultIn(said: unknown, metadata: Readonly<Record<string, string>>): string | null {
  if (!EMAIL.test(textAt(said, 'From'))) return "Invalid 'From' address";
  if (!EMAIL.test(textAt(said, 'To'))) return "Invalid 'To' address";
  if (textAt(said, 'HtmlBody') === '' && textAt(said, 'TextBody') === '')
    return 'Provide either HtmlBody or TextBody';
  const isLong = Object.entries(metadata).some(([name, value]) => name.length > 20 || value.length > 80);
  return isLong ? 'Metadata names have at most 20 letters, values at most 80' : null;
}

function webhookOf({ news, raw }: ToldMail): Webhook {
  const { message, kind, at, reason } = news;
  const common = { MessageID: `sandbox-${message.id}`, Metadata: argsOf(raw), MessageStream: 'outbound' };
  const when = new Date(at).toISOString();
  const bounce = { Email: message.recipient, BouncedAt: when, Details: reason ?? '' };
  const events = {
    delivered: { RecordType: 'Delivery', Recipient: message.recipient, DeliveredAt: when, Details: 'ok' },
    bounced: { RecordType: 'Bounce', Type: 'HardBounce', TypeCode: 1, ...bounce },
    soft_bounced: { RecordType: 'Bounce', Type: 'SoftBounce', TypeCode: 4_096, ...bounce },
    complained: { RecordType: 'SpamComplaint', Type: 'SpamComplaint', TypeCode: 100_001, ...bounce },
  };
  return { headers: { authorization: AUTHORIZATION }, body: JSON.stringify({ ...common, ...events[kind] }) };
}
