import { newId } from '../../../platform/ids.ts';
import { encodeText } from './encode-text.ts';
import type { Mail, WrittenMail } from './mail.ts';
import { envelopeAddress, headerLine, mailboxLine, mailboxesLine } from './mail-headers.ts';

/**
 * Writes a mail down in one piece, and its files beside it (RFC 5322, RFC 2046). Nodemailer's composer makes a chain of streams
 * for each mail and writes it piece by piece, which is nine tenths of what a small mail costs.
 */
export function writeMail(mail: Mail): WrittenMail {
  const { messageId, from, to, recipient, returnPath, replyTo, subject, headers, date } = mail;
  let head = mailboxLine('From', from) + mailboxLine('To', { name: '', address: to });
  if (replyTo !== null && replyTo !== '') head += mailboxesLine('Reply-To', replyTo);
  head += headerLine('Subject', subject);
  head += `Message-ID: ${messageId}\r\nDate: ${new Date(date).toUTCString().replace('GMT', '+0000')}\r\n`;
  for (const [name, value] of Object.entries(headers)) head += headerLine(name, value);
  return {
    messageId,
    sender: envelopeAddress(returnPath ?? from.address),
    recipient: envelopeAddress(recipient),
    pieces: withFiles(`${head}MIME-Version: 1.0\r\n`, mail),
  };
}

/** Most mails are one piece; each file is a piece that all mails share. */
function withFiles(head: string, mail: Mail): Buffer[] {
  const body = bodyOf(mail);
  if (mail.attachments.length === 0) return [Buffer.from(head + body)];
  const boundary = `=_${newId()}`;
  const begin = `${head}Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n--${boundary}\r\n`;
  const next = Buffer.from(`\r\n--${boundary}\r\n`);
  return [
    Buffer.from(begin + body),
    ...mail.attachments.flatMap(({ part }) => [next, part]),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ];
}

/** Programs show the last part that they can. */
function bodyOf({ html, text }: Mail): string {
  if (text === null) return partOf('html', html);
  // Encoded texts have no "=_", and in others nobody finds these letters by chance.
  const boundary = `=_${newId()}`;
  return (
    `Content-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n` +
    `--${boundary}\r\n${partOf('plain', text)}\r\n--${boundary}\r\n${partOf('html', html)}\r\n--${boundary}--\r\n`
  );
}

function partOf(kind: 'plain' | 'html', text: string): string {
  const { encoding, body } = encodeText(text);
  return `Content-Type: text/${kind}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
}
