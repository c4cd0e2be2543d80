import { createHash } from 'node:crypto';
import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { parseJson, textAt } from '../../read-json.ts';
import type { MailApi, MailApiRequest } from '../api/mail-api.ts';
import { mailboxText, replyMailboxes, tokenOf } from '../api/mail-values.ts';
import { faultOfStatus, notAnAnswer, outcomeOfRefusal } from '../api/refusal.ts';
import type { MailFault } from '../api/refusal.ts';
import type { Mail } from '../mail.ts';
import { envelopeAddress } from '../mail-headers.ts';
import { contentOf } from '../write-attachment.ts';
import type { ResendSettings } from './resend-kind.ts';

/** Of the whole mail, files as base64 included. */
const MOST_BYTES = 40 * 1024 * 1024;

/**
 * `POST /emails`. It takes fields and writes the mail itself, with a Message-ID of its own. A repetition within a day
 * is known by its key.
 */
export function resendApi({ apiKey, baseUrl }: ResendSettings): MailApi {
  const compose = (mail: Mail): MailApiRequest => ({
    url: `${baseUrl}/emails`,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      // Resend refuses whoever does not say who asks.
      'user-agent': 'carillon',
      'idempotency-key': keyOf(mail),
    },
    body: JSON.stringify(bodyOf(mail)),
  });
  return { name: 'Resend', mostBytes: MOST_BYTES, compose, readAnswer: readResendAnswer };
}

/** Copies of one mail share its token, and are several. */
function keyOf(mail: Mail): string {
  const recipient = createHash('sha256').update(mail.recipient).digest('base64url').slice(0, 16);
  return `${tokenOf(mail)}-${recipient}`;
}

function bodyOf(mail: Mail): object {
  const replyTo = replyMailboxes(mail);
  return {
    from: mailboxText(mail.from),
    to: [envelopeAddress(mail.recipient)],
    ...(replyTo.length > 0 && { reply_to: replyTo.map(mailboxText) }),
    subject: mail.subject,
    html: mail.html,
    ...(mail.text !== null && { text: mail.text }),
    ...(Object.keys(mail.headers).length > 0 && { headers: mail.headers }),
    ...(mail.attachments.length > 0 && { attachments: mail.attachments.map(attachment) }),
    tags: [{ name: 'carillon', value: tokenOf(mail) }],
  };
}

function attachment(file: Mail['attachments'][number]) {
  return { filename: file.filename, content: contentOf(file), content_type: file.contentType };
}

/** What Resend's names of errors say (resend.com/docs/api-reference/errors), where the status is not enough. */
const FAULTS: Readonly<Record<string, MailFault>> = {
  invalid_from_address: 'settings',
  invalid_access: 'settings',
  invalid_region: 'settings',
  invalid_api_key: 'settings',
  restricted_api_key: 'settings',
  missing_api_key: 'settings',
  security_error: 'settings',
  concurrent_idempotent_requests: 'busy',
  daily_quota_exceeded: 'busy',
  monthly_quota_exceeded: 'busy',
  rate_limit_exceeded: 'limited',
};

const HINT = 'look at the API key and the verified domain, set with PUT /apps/{app_id}/channels/email';
/** The first hand-over under this key was taken, with other words in it: this delivery has been made. */
const TAKEN_BEFORE = 'invalid_idempotent_request';

/** What Resend's answer to a mail means: the name of the error decides, and the status where there is none. */
export function readResendAnswer(answer: OutboundAnswer, now: number): Outcome {
  const { status } = answer;
  const said = parseJson(answer.body.toString('utf8'));
  if (status === 200 || status === 201) {
    const ref = textAt(said, 'id');
    return ref === '' ? notAnAnswer('Resend', status) : { state: 'sent', ref };
  }
  const name = textAt(said, 'name');
  if (name === TAKEN_BEFORE) return { state: 'sent', ref: null };
  // A refusal without a name is not of Resend.
  const isItsOwn = name !== '' || status === 401 || status === 403;
  const fault = FAULTS[name] ?? (isItsOwn ? faultOfStatus(status) : 'busy');
  const words = textAt(said, 'message');
  return outcomeOfRefusal(
    { provider: 'Resend', fault, code: name || status, words, hint: HINT },
    answer,
    now,
  );
}
