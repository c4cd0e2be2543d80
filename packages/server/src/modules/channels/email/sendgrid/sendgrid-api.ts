import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { listAt, parseJson, textAt } from '../../read-json.ts';
import type { MailApi, MailApiRequest } from '../api/mail-api.ts';
import { replyMailboxes, tokenOf } from '../api/mail-values.ts';
import { faultOfStatus, outcomeOfRefusal } from '../api/refusal.ts';
import type { MailFault } from '../api/refusal.ts';
import type { Mail } from '../mail.ts';
import { envelopeAddress } from '../mail-headers.ts';
import type { Mailbox } from '../mail-headers.ts';
import { contentOf } from '../write-attachment.ts';
import type { SendGridSettings } from './sendgrid-kind.ts';

/** Of the whole mail. */
const MOST_BYTES = 30 * 1024 * 1024;
/** What events of a mail carry back. */
export const REFERENCE_ARG = 'carillon';

const off = { enable: false };
/** Clicks, opens and the way out are ours: counted twice, they would be wrong. */
const NO_TRACKING = {
  click_tracking: { enable: false, enable_text: false },
  open_tracking: off,
  subscription_tracking: off,
};

/** `POST /v3/mail/send`. It takes fields and writes the mail itself; it has no key by which a repetition is known. */
export function sendGridApi({ apiKey, baseUrl }: SendGridSettings): MailApi {
  const url = `${baseUrl}/v3/mail/send`;
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const compose = (mail: Mail): MailApiRequest => ({ url, headers, body: JSON.stringify(bodyOf(mail)) });
  return { name: 'SendGrid', mostBytes: MOST_BYTES, compose, readAnswer: readSendGridAnswer };
}

function bodyOf(mail: Mail): object {
  const [replyTo] = replyMailboxes(mail);
  const text = mail.text === null ? [] : [{ type: 'text/plain', value: mail.text }];
  return {
    personalizations: [
      {
        to: [{ email: envelopeAddress(mail.recipient) }],
        custom_args: { [REFERENCE_ARG]: tokenOf(mail) },
      },
    ],
    from: mailbox(mail.from),
    ...(replyTo !== undefined && { reply_to: mailbox(replyTo) }),
    subject: mail.subject,
    content: [...text, { type: 'text/html', value: mail.html }],
    ...(mail.attachments.length > 0 && { attachments: mail.attachments.map(attachment) }),
    headers: { 'Message-ID': mail.messageId, ...mail.headers },
    tracking_settings: NO_TRACKING,
  };
}

function mailbox({ name, address }: Mailbox) {
  const email = envelopeAddress(address);
  return name === '' ? { email } : { email, name };
}

function attachment(file: Mail['attachments'][number]) {
  const { filename, contentType: type } = file;
  return { content: contentOf(file), filename, type, disposition: 'attachment' };
}

const HINT =
  'set an API key with the permission Mail Send and a verified sender, with PUT /apps/{app_id}/channels/email';

/** What SendGrid's answer to a mail means: by its status, and a 400 by the field that it names. */
export function readSendGridAnswer(answer: OutboundAnswer, now: number): Outcome {
  const { status, headers, body } = answer;
  if (status === 202) {
    const id = headers['x-message-id'];
    return { state: 'sent', ref: typeof id === 'string' ? id : null };
  }
  const [error] = listAt(parseJson(body.toString('utf8')), 'errors');
  const field = textAt(error, 'field');
  const fault = status === 400 ? faultOfField(field, error !== undefined) : faultOfStatus(status);
  const code = field === '' ? status : `${status} (${field})`;
  const words = textAt(error, 'message');
  const refused = outcomeOfRefusal({ provider: 'SendGrid', fault, code, words, hint: HINT }, answer, now);
  // Its limits end at a moment that it names in seconds since the epoch.
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (status !== 429 || refused.state !== 'retry' || refused.afterMs !== null || Number.isNaN(reset))
    return refused;
  return { ...refused, afterMs: Math.max(0, reset * 1_000 - now) };
}

/** A 400 without SendGrid's own errors may come from whatever stands in between. */
function faultOfField(field: string, isItsOwn: boolean): MailFault {
  if (!isItsOwn) return 'busy';
  if (/^personalizations\.\d+\.to\.\d+\.email$/.test(field)) return 'address';
  return /^from(?:\.|$)/.test(field) ? 'settings' : 'message';
}
