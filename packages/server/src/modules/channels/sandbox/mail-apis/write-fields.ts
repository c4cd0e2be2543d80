import addressparser from 'nodemailer/lib/addressparser';
import { writeAttachment } from '../../email/write-attachment.ts';
import { writeMail } from '../../email/write-mail.ts';
import { withArgs } from './echoed-args.ts';
import type { PostedMail } from './mail-provider.ts';

/** A mail as APIs take it that write it themselves. */
export interface MailFields {
  readonly from: string;
  readonly to: string;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly html: string;
  readonly text: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly files: readonly {
    readonly filename: string;
    readonly contentType: string;
    readonly base64: string;
  }[];
  /** What its events are to carry back. */
  readonly args: Readonly<Record<string, string>>;
  readonly idempotencyKey: string | null;
  readonly now: number;
}

/** Writes a mail down from its fields, as its provider does. */
export function writeFields(fields: MailFields): PostedMail {
  const { 'Message-ID': messageId = '', ...headers } = fields.headers;
  const [from = { name: '', address: '' }] = addressparser(fields.from, { flatten: true });
  const { sender, recipient, pieces } = writeMail({
    messageId,
    from,
    to: fields.to,
    recipient: fields.to,
    returnPath: null,
    replyTo: fields.replyTo,
    subject: fields.subject,
    html: fields.html,
    text: fields.text,
    attachments: fields.files.map(({ filename, contentType, base64 }) =>
      writeAttachment({ filename, contentType, bytes: Buffer.from(base64, 'base64') }),
    ),
    headers,
    date: fields.now,
  });
  const { args, idempotencyKey } = fields;
  const raw = withArgs(Buffer.concat(pieces), args);
  return { sender, recipient, messageId, raw, idempotencyKey };
}
