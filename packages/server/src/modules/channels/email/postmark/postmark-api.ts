import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { parseJson, textAt, valueAt } from '../../read-json.ts';
import type { MailApi, MailApiRequest } from '../api/mail-api.ts';
import { mailboxText, replyMailboxes, tokenOf } from '../api/mail-values.ts';
import { faultOfStatus, notAnAnswer, outcomeOfRefusal } from '../api/refusal.ts';
import type { MailFault } from '../api/refusal.ts';
import type { Mail } from '../mail.ts';
import { envelopeAddress } from '../mail-headers.ts';
import { contentOf } from '../write-attachment.ts';
import type { PostmarkSettings } from './postmark-kind.ts';

/** Of the whole mail, files as base64 included. */
const MOST_BYTES = 10 * 1024 * 1024;

/** `POST /email`. It takes fields and writes the mail itself; it has no key by which a repetition is known. */
export function postmarkApi({ serverToken, messageStream, baseUrl }: PostmarkSettings): MailApi {
  const headers = {
    'x-postmark-server-token': serverToken,
    'content-type': 'application/json',
    accept: 'application/json',
  };
  const compose = (mail: Mail): MailApiRequest => ({
    url: `${baseUrl}/email`,
    headers,
    body: JSON.stringify(bodyOf(mail, messageStream)),
  });
  return { name: 'Postmark', mostBytes: MOST_BYTES, compose, readAnswer: readPostmarkAnswer };
}

function bodyOf(mail: Mail, stream: string): object {
  const replyTo = replyMailboxes(mail);
  // Without the second one, Postmark gives the mail an id of its own.
  const headers = { 'Message-ID': mail.messageId, 'X-PM-KeepID': 'true', ...mail.headers };
  return {
    From: mailboxText(mail.from),
    To: envelopeAddress(mail.recipient),
    ...(replyTo.length > 0 && { ReplyTo: replyTo.map(mailboxText).join(', ') }),
    Subject: mail.subject,
    HtmlBody: mail.html,
    ...(mail.text !== null && { TextBody: mail.text }),
    Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
    Metadata: { carillon: tokenOf(mail) },
    // Clicks and opens are ours: counted twice, they would be wrong.
    TrackOpens: false,
    TrackLinks: 'None',
    MessageStream: stream,
    ...(mail.attachments.length > 0 && { Attachments: mail.attachments.map(attachment) }),
  };
}

function attachment(file: Mail['attachments'][number]) {
  return { Name: file.filename, Content: contentOf(file), ContentType: file.contentType };
}

/** What Postmark's codes say, where it is not the mail that they speak of (postmarkapp.com/developer/api/overview). */
const FAULTS: ReadonlyMap<number, MailFault> = new Map([
  ...of('settings', 10, 400, 401, 405, 412, 1226, 1235),
  // An inactive recipient: has bounced for good, complained, or was switched off by hand.
  ...of('address', 406),
  ...of('limited', 429),
  ...of('busy', 100),
]);

function of(fault: MailFault, ...codes: readonly number[]) {
  return codes.map((code) => [code, fault] as const);
}

const HINT =
  'look at the server token, the sender signature and the message stream, set with PUT /apps/{app_id}/channels/email';

/** What Postmark's answer to a mail means: its code decides, and the status where there is none. */
export function readPostmarkAnswer(answer: OutboundAnswer, now: number): Outcome {
  const { status } = answer;
  const said = parseJson(answer.body.toString('utf8'));
  const code = valueAt(said, 'ErrorCode');
  if (status === 200 && (code === 0 || code === undefined)) {
    const ref = textAt(said, 'MessageID');
    return ref === '' ? notAnAnswer('Postmark', status) : { state: 'sent', ref };
  }
  const fault = faultOf(status, typeof code === 'number' ? code : null);
  const words = textAt(said, 'Message');
  const named = typeof code === 'number' && code !== 0 ? code : status;
  return outcomeOfRefusal({ provider: 'Postmark', fault, code: named, words, hint: HINT }, answer, now);
}

function faultOf(status: number, code: number | null): MailFault {
  const known = code === null ? undefined : FAULTS.get(code);
  if (known !== undefined) return known;
  // A 422 without a code is not Postmark's.
  return status === 422 && code === null ? 'busy' : faultOfStatus(status);
}
