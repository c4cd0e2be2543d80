import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { SIGNATURE_HEADER, TIMESTAMP_HEADER } from '../../email/sendgrid/event-signature.ts';
import { derivePair } from '../../push/web-push/derive-pair.ts';
import { listAt, parseJson, textAt, valueAt } from '../../read-json.ts';
import { argsOf } from './echoed-args.ts';
import { answer, refuse } from './mail-provider.ts';
import type { ApiRequest, MailProvider, Received, ToldMail } from './mail-provider.ts';
import { writeFields } from './write-fields.ts';

const PUBLIC_KEY_PATH = '/v3/user/webhooks/event/settings/signed';
const EMAIL = /^[^\s@]+@[^\s@]+$/;

const PAIR = derivePair(Buffer.from('the sandbox’s SendGrid'));
const PRIVATE_KEY = createPrivateKey({ key: privateKeyPem(), format: 'pem' });

/** What the sandbox's SendGrid takes, and what it signs with. */
export const SENDGRID = {
  apiKey: 'SG.sandbox',
  publicKey: createPublicKey(PRIVATE_KEY).export({ format: 'der', type: 'spki' }).toString('base64'),
} as const;

const errors = (message: string, field: string | null = null) => ({
  errors: [{ message, field, help: null }],
});

/** SendGrid: `POST /v3/mail/send`, and the verification key of its webhook. */
export const sandboxSendGrid: MailProvider = {
  receive(request): Received {
    if (request.headers['authorization'] !== `Bearer ${SENDGRID.apiKey}`) {
      return refuse(401, errors('The provided authorization grant is invalid, expired, or revoked'));
    }
    const { method, path } = request;
    if (method === 'GET' && path === PUBLIC_KEY_PATH) return refuse(200, { public_key: SENDGRID.publicKey });
    if (method !== 'POST' || path !== '/v3/mail/send') return refuse(404, errors('Not Found'));
    return receiveMail(request);
  },
  accepted: (id) => answer(202, null, { 'x-message-id': id }),
  refused: () => answer(400, errors('Does not contain a valid address.', 'personalizations.0.to.0.email')),
  deferred: () => answer(503, errors('The service is not available')),
  throttled: () => answer(429, errors('too many requests'), { 'retry-after': '7' }),
  tell(told, now) {
    const body = JSON.stringify(told.map(eventOf));
    const timestamp = String(Math.floor(now / 1_000));
    const signature = sign('sha256', Buffer.from(timestamp + body), PRIVATE_KEY).toString('base64');
    return [{ headers: { [SIGNATURE_HEADER]: signature, [TIMESTAMP_HEADER]: timestamp }, body }];
  },
};

function receiveMail({ body, now }: ApiRequest): Received {
  const said = parseJson(body.toString('utf8'));
  const [personalization] = listAt(said, 'personalizations');
  const [to] = listAt(personalization, 'to');
  const content = listAt(said, 'content');
  const ofType = (type: string) => content.find((part) => textAt(part, 'type') === type);
  const fault = faultIn(said, textAt(to, 'email'), content);
  if (fault !== null) return refuse(400, fault);
  const html = ofType('text/html') ?? content[0];
  const text = html === ofType('text/plain') ? undefined : ofType('text/plain');
  const reply = textAt(said, 'reply_to', 'email');
  const from = { name: textAt(said, 'from', 'name'), address: textAt(said, 'from', 'email') };
  const mail = writeFields({
    from: `${JSON.stringify(from.name)} <${from.address}>`,
    to: textAt(to, 'email'),
    replyTo: reply === '' ? null : reply,
    subject: textAt(said, 'subject'),
    html: textAt(html, 'value'),
    text: text === undefined ? null : textAt(text, 'value'),
    headers: (valueAt(said, 'headers') ?? {}) as Record<string, string>,
    files: listAt(said, 'attachments').map((file) => ({
      filename: textAt(file, 'filename'),
      contentType: textAt(file, 'type'),
      base64: textAt(file, 'content'),
    })),
    args: (valueAt(personalization, 'custom_args') ?? {}) as Record<string, string>,
    idempotencyKey: null,
    now,
  });
  return { kind: 'mail', mail };
}

const RESERVED =
  /^(?:x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i;

function faultIn(said: unknown, to: string, content: readonly unknown[]): object | null {
  if (said === undefined) return errors('Bad Request');
  if (!EMAIL.test(to)) return errors('Does not contain a valid address.', 'personalizations.0.to.0.email');
  if (!EMAIL.test(textAt(said, 'from', 'email'))) return errors('The from object must be provided.', 'from');
  if (textAt(said, 'subject') === '') return errors('The subject is required.', 'subject');
  if (content.length === 0)
    return errors('The content value must be an array with at least one item.', 'content');
  const types = content.map((part) => textAt(part, 'type'));
  if (types.indexOf('text/plain') > 0)
    return errors('text/plain must be first, followed by text/html', 'content');
  if (content.some((part) => textAt(part, 'value') === '')) {
    return errors('The content value must be a string at least one character in length.', 'content.0.value');
  }
  const reserved = Object.keys(valueAt(said, 'headers') ?? {}).find((name) => RESERVED.test(name));
  return reserved === undefined ? null : errors(`The header ${reserved} is reserved.`, `headers.${reserved}`);
}

const EVENTS = {
  delivered: { event: 'delivered' },
  bounced: { event: 'bounce', type: 'bounce' },
  soft_bounced: { event: 'bounce', type: 'blocked' },
  complained: { event: 'spamreport' },
} as const;

function eventOf({ news, raw }: ToldMail): object {
  const { message, kind, at, reason } = news;
  const id = createHash('sha256').update(`${message.id} ${kind}`).digest('base64url').slice(0, 22);
  return {
    email: message.recipient,
    timestamp: Math.floor(at / 1_000),
    'smtp-id': message.provider_id,
    ...EVENTS[kind],
    sg_event_id: id,
    sg_message_id: `sandbox.${message.id}`,
    ...argsOf(raw),
    ...(reason !== null && { reason }),
  };
}

/** The pair as OpenSSL writes it, SEC 1. */
function privateKeyPem(): string {
  const der = Buffer.concat([
    Buffer.from('30770201010420', 'hex'),
    PAIR.getPrivateKey(),
    Buffer.from('a00a06082a8648ce3d030107a144034200', 'hex'),
    PAIR.getPublicKey(),
  ]);
  return `-----BEGIN EC PRIVATE KEY-----\n${der.toString('base64')}\n-----END EC PRIVATE KEY-----\n`;
}
