import { createHmac, randomBytes } from 'node:crypto';
import { argsOf, withArgs } from './echoed-args.ts';
import { readHeader } from '../mail/read-header.ts';
import { answer, refuse } from './mail-provider.ts';
import type { ApiRequest, MailProvider, Received, ToldMail, Webhook } from './mail-provider.ts';

/** What the sandbox's Mailgun takes, and what it signs with. */
export const MAILGUN = { apiKey: 'key-sandbox', signingKey: 'sandbox' } as const;

const LARGEST_MAIL = 25 * 1024 * 1024;
const PATH = /^\/v3\/[\w.-]+\/messages\.mime$/;
const AUTHORIZATION = `Basic ${Buffer.from(`api:${MAILGUN.apiKey}`).toString('base64')}`;
const VARIABLE = /^v:/;

/** Mailgun: `POST /v3/{domain}/messages.mime`, for any domain. */
export const sandboxMailgun: MailProvider = {
  receive(request): Received {
    const { method, path, headers } = request;
    if (headers['authorization'] !== AUTHORIZATION) return refuse(401, 'Forbidden');
    if (method !== 'POST' || !PATH.test(path)) return refuse(404, { message: 'Domain not found' });
    return receiveMail(request);
  },
  accepted: (id) => answer(200, { id: `<${id}@sandbox>`, message: 'Queued. Thank you.' }),
  refused: () => answer(400, { message: 'to parameter is not a valid address. please check documentation' }),
  deferred: () => answer(503, { message: 'Service unavailable' }),
  throttled: () => answer(429, { message: 'Too many requests' }, { 'retry-after': '7' }),
  tell: (told, now) => told.map((one) => webhookOf(one, now)),
};

function receiveMail({ headers, body }: ApiRequest): Received {
  const boundary = /boundary=("?)([^";]+)\1/.exec(headers['content-type'] ?? '')?.[2];
  const parts = boundary === undefined ? new Map<string, Buffer>() : partsOf(body, boundary);
  const recipient = parts.get('to')?.toString() ?? '';
  const raw = parts.get('message');
  if (!/^[^\s@]+@[\x21-\x7e]+$/.test(recipient)) return refuse(400, { message: 'to parameter is missing' });
  if (raw === undefined) return refuse(400, { message: 'message parameter is missing' });
  if (raw.length > LARGEST_MAIL) return refuse(413, { message: 'Message is too large' });
  const sender = /<?([^\s<>]+@[^\s<>]+)>?\s*$/.exec(readHeader(raw, 'From') ?? '')?.[1];
  if (sender === undefined) return refuse(400, { message: 'from parameter is missing' });
  const args = [...parts]
    .filter(([name]) => VARIABLE.test(name))
    .map(([name, value]) => [name.slice(2), value.toString()]);
  const messageId = readHeader(raw, 'Message-ID') ?? '';
  const kept = withArgs(raw, Object.fromEntries(args) as Record<string, string>);
  return { kind: 'mail', mail: { sender, recipient, messageId, raw: kept, idempotencyKey: null } };
}

/** The fields and files of a form, by name (RFC 7578). */
function partsOf(body: Buffer, boundary: string): Map<string, Buffer> {
  const parts = new Map<string, Buffer>();
  const line = Buffer.from(`--${boundary}`);
  let from = body.indexOf(line);
  while (from !== -1) {
    const to = body.indexOf(`\r\n--${boundary}`, from + line.length);
    if (to === -1) break;
    const part = body.subarray(from + line.length + 2, to);
    const end = part.indexOf('\r\n\r\n');
    const name = /name="([^"]*)"/.exec(part.toString('latin1', 0, end))?.[1];
    if (name !== undefined) parts.set(name, part.subarray(end + 4));
    from = to + 2;
  }
  return parts;
}

function webhookOf({ news, raw }: ToldMail, now: number): Webhook {
  const { message, kind, at, reason } = news;
  const timestamp = String(Math.floor(now / 1_000));
  const token = randomBytes(25).toString('hex');
  const signature = createHmac('sha256', MAILGUN.signingKey)
    .update(timestamp + token)
    .digest('hex');
  const event = {
    ...EVENTS[kind],
    id: `sandbox-${message.id}-${kind}`,
    timestamp: at / 1_000,
    recipient: message.recipient,
    message: { headers: { 'message-id': message.provider_id.replace(/[<>]/g, '') } },
    'user-variables': argsOf(raw),
    ...(reason !== null && { 'delivery-status': { message: reason } }),
  };
  const body = JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': event });
  return { headers: {}, body };
}

const EVENTS = {
  delivered: { event: 'delivered' },
  bounced: { event: 'failed', severity: 'permanent', reason: 'bounce' },
  soft_bounced: { event: 'failed', severity: 'permanent', reason: 'generic' },
  complained: { event: 'complained' },
} as const;
