import { signWebhook } from '../../provider-events/signed-webhook.ts';
import { listAt, parseJson, textAt, valueAt } from '../../read-json.ts';
import { argsOf } from './echoed-args.ts';
import { answer, refuse } from './mail-provider.ts';
import type { ApiRequest, MailProvider, Received, ToldMail, Webhook } from './mail-provider.ts';
import { writeFields } from './write-fields.ts';

const SECRET = Buffer.from('the secret of the sandbox');

/** What the sandbox's Resend takes, and what it signs with. */
export const RESEND = { apiKey: 're_sandbox', webhookSecret: `whsec_${SECRET.toString('base64')}` } as const;

const LARGEST_BODY = 40 * 1024 * 1024;
const LONGEST_KEY = 256;
const EMAIL = /[^\s@<>]+@[\x21-\x7e]+/;
const TAG = /^[\w-]{1,256}$/;

const error = (statusCode: number, name: string, message: string) => ({ statusCode, name, message });

/** Resend: `POST /emails`. */
export const sandboxResend: MailProvider = {
  receive(request): Received {
    const { method, path, headers, body } = request;
    if (headers['authorization'] !== `Bearer ${RESEND.apiKey}`) {
      return refuse(403, error(403, 'invalid_api_key', 'API key is invalid'));
    }
    if (method !== 'POST' || path !== '/emails') {
      return refuse(404, error(404, 'not_found', 'The requested endpoint does not exist'));
    }
    if ((headers['idempotency-key'] ?? '').length > LONGEST_KEY) {
      return refuse(400, error(400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.'));
    }
    if (body.length > LARGEST_BODY)
      return refuse(422, error(422, 'validation_error', 'The email is too large'));
    return receiveMail(request);
  },
  accepted: (id) => answer(200, { id }),
  refused: () => answer(422, error(422, 'validation_error', 'Invalid `to` field.')),
  deferred: () => answer(503, error(503, 'application_error', 'The service is not available')),
  throttled: () =>
    answer(429, error(429, 'rate_limit_exceeded', 'Too many requests'), { 'retry-after': '7' }),
  tell: (told, now) => told.map((one) => webhookOf(one, now)),
};

function receiveMail({ headers, body, now }: ApiRequest): Received {
  const said = parseJson(body.toString('utf8'));
  const [to = ''] = listAt(said, 'to').map(String);
  const tags = listAt(said, 'tags').map((tag) => [textAt(tag, 'name'), textAt(tag, 'value')] as const);
  const fault = faultIn(said, to, tags.flat());
  if (fault !== null) return refuse(422, fault);
  const args = Object.fromEntries(tags);
  const mail = writeFields({
    from: textAt(said, 'from'),
    to,
    replyTo: listAt(said, 'reply_to').join(', ') || null,
    subject: textAt(said, 'subject'),
    html: textAt(said, 'html'),
    text: textAt(said, 'text') || null,
    // Resend names mails itself; here by a tag, so that the inbox knows them.
    headers: {
      ...((valueAt(said, 'headers') ?? {}) as Record<string, string>),
      'Message-ID': `<${args['carillon'] ?? ''}@resend.sandbox>`,
    },
    files: listAt(said, 'attachments').map((file) => ({
      filename: textAt(file, 'filename'),
      contentType: textAt(file, 'content_type'),
      base64: textAt(file, 'content'),
    })),
    args,
    idempotencyKey: headers['idempotency-key'] ?? null,
    now,
  });
  return { kind: 'mail', mail };
}

function faultIn(said: unknown, to: string, tags: readonly string[]): object | null {
  if (!EMAIL.test(textAt(said, 'from'))) return error(422, 'invalid_from_address', 'Invalid `from` field.');
  if (!EMAIL.test(to)) return error(422, 'validation_error', 'Invalid `to` field.');
  if (textAt(said, 'subject') === '') return error(422, 'missing_required_field', 'Missing `subject` field.');
  if (textAt(said, 'html') === '' && textAt(said, 'text') === '') {
    return error(422, 'missing_required_field', 'Missing `html` or `text` field.');
  }
  return tags.every((text) => TAG.test(text))
    ? null
    : error(
        422,
        'validation_error',
        'Tags should only contain ASCII letters, numbers, underscores, or dashes.',
      );
}

function webhookOf({ news, raw }: ToldMail, now: number): Webhook {
  const { message, kind, at, reason } = news;
  const data = { email_id: `sandbox-${message.id}`, to: [message.recipient], tags: argsOf(raw) };
  const bounce = (type: string) => ({ bounce: { type, subType: 'General', message: reason ?? '' } });
  const events = {
    delivered: { type: 'email.delivered', data },
    bounced: { type: 'email.bounced', data: { ...data, ...bounce('Permanent') } },
    soft_bounced: { type: 'email.bounced', data: { ...data, ...bounce('Transient') } },
    complained: { type: 'email.complained', data },
  };
  const body = JSON.stringify({ ...events[kind], created_at: new Date(at).toISOString() });
  const signed = signWebhook(SECRET, `msg_${message.id}_${kind}`, now, body);
  const headers = {
    'svix-id': signed['webhook-id'],
    'svix-timestamp': signed['webhook-timestamp'],
    'svix-signature': signed['webhook-signature'],
  };
  return { headers, body };
}
