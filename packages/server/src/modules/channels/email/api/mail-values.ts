import addressparser from 'nodemailer/lib/addressparser';
import { envelopeAddress } from '../mail-headers.ts';
import type { Mailbox } from '../mail-headers.ts';
import type { Mail } from '../mail.ts';

/** A mailbox in one text. Providers take other letters than ASCII in names, and want domains in ASCII. */
export function mailboxText({ name, address }: Mailbox): string {
  const plain = envelopeAddress(address);
  const words = name.replace(/[\r\n]+/g, ' ').trim();
  return words === '' ? plain : `"${words.replace(/["\\]/g, '\\$&')}" <${plain}>`;
}

/** The mailboxes for replies; none where answers go to the sender. */
export function replyMailboxes({ replyTo }: Mail): Mailbox[] {
  if (replyTo === null || replyTo === '') return [];
  return addressparser(replyTo, { flatten: true }).map(({ name, address }) => ({ name, address }));
}

/** The signed part of a Message-ID, which names the delivery: what comes back of a mail carries it. */
export function tokenOf({ messageId }: Mail): string {
  return messageId.slice(1, messageId.indexOf('@'));
}
