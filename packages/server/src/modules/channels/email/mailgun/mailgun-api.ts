import type { OutboundAnswer } from '../../../../platform/outbound/index.ts';
import { newId } from '../../../../platform/ids.ts';
import type { Outcome } from '../../channel.ts';
import { parseJson, textAt } from '../../read-json.ts';
import type { MailApi, MailApiRequest } from '../api/mail-api.ts';
import { tokenOf } from '../api/mail-values.ts';
import { faultOfStatus, notAnAnswer, outcomeOfRefusal } from '../api/refusal.ts';
import type { Mail } from '../mail.ts';
import { writeMail } from '../write-mail.ts';
import type { MailgunSettings } from './mailgun-kind.ts';

/** Of the mail. */
const MOST_BYTES = 25 * 1024 * 1024;

/** `messages.mime` with the mail as it is written here, whose Message-ID stays. */
export function mailgunApi({ apiKey, baseUrl, domain }: MailgunSettings): MailApi {
  const url = `${baseUrl}/v3/${domain}/messages.mime`;
  const authorization = `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`;
  const compose = (mail: Mail): MailApiRequest => {
    // No mail has these letters by chance.
    const boundary = `carillon-${newId()}`;
    const headers = { authorization, 'content-type': `multipart/form-data; boundary=${boundary}` };
    return { url, headers, body: formOf(mail, boundary) };
  };
  return { name: 'Mailgun', mostBytes: MOST_BYTES, compose, readAnswer: readMailgunAnswer };
}

function formOf(mail: Mail, boundary: string): Buffer {
  const { recipient, pieces } = writeMail(mail);
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  // Clicks and opens are ours: counted twice, they would be wrong.
  const fields = field('to', recipient) + field('o:tracking', 'no') + field('v:carillon', tokenOf(mail));
  const file =
    `--${boundary}\r\nContent-Disposition: form-data; name="message"; filename="message.mime"\r\n` +
    'Content-Type: message/rfc822\r\n\r\n';
  return Buffer.concat([Buffer.from(fields + file), ...pieces, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}

const HINT = 'look at the key, the domain and its region, set with PUT /apps/{app_id}/channels/email';

/** What Mailgun's answer to a mail means: it has no codes beside the status. */
export function readMailgunAnswer(answer: OutboundAnswer, now: number): Outcome {
  const { status } = answer;
  const said = parseJson(answer.body.toString('utf8'));
  if (status === 200) {
    const ref = textAt(said, 'id');
    return ref === '' ? notAnAnswer('Mailgun', status) : { state: 'sent', ref };
  }
  const words = textAt(said, 'message');
  // A 400 that does not say why may come from whatever stands in between.
  const fault = status === 400 && words === '' ? 'busy' : faultOfStatus(status);
  return outcomeOfRefusal({ provider: 'Mailgun', fault, code: status, words, hint: HINT }, answer, now);
}
