import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';

// What nearly every mail has is written here. All else goes to nodemailer, which knows the corners of
// RFC 5322 and 2047, at a hundred times the price.
const PLAIN_TEXT = /^[\x20\x21\x23-\x7e]*$/;
const ASCII = /^[\x20-\x7e]*$/;
const PLAIN_NAME = /^[\w ]+$/;
const PLAIN_ADDRESS = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[\w-]+(?:\.[\w-]+)*$/;

/** Longer lines are folded where they have a blank. */
const LINE = 76;

export interface Mailbox {
  /** Empty for none. */
  readonly name: string;
  readonly address: string;
}

/** A header line with its CRLF. Whatever the value holds, it stays one header. */
export function headerLine(name: string, value: string): string {
  // What looks like an encoded word may be one.
  const isPlain = PLAIN_TEXT.test(value) && !value.includes('=?');
  return foldedLine(name, isPlain ? value : MimeNode.encodeHeaderValue(name, value));
}

/** A header line that names a mailbox. */
export function mailboxLine(header: string, { name, address }: Mailbox): string {
  const isPlain = PLAIN_ADDRESS.test(address) && ASCII.test(name);
  if (!isPlain) return foldedLine(header, MimeNode.encodeHeaderValue(header, { name, address }));
  if (name === '') return foldedLine(header, address);
  const shown = PLAIN_NAME.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
  return foldedLine(header, `${shown} <${address}>`);
}

/** A header line with mailboxes as somebody has written them. */
export function mailboxesLine(header: string, written: string): string {
  return foldedLine(
    header,
    PLAIN_ADDRESS.test(written) ? written : MimeNode.encodeHeaderValue(header, written),
  );
}

/** The address as SMTP names it: the domain in ASCII, the local part quoted where that is needed. */
export function envelopeAddress(address: string): string {
  if (PLAIN_ADDRESS.test(address)) return address;
  return new MimeNode().setHeader('To', { name: '', address }).getEnvelope().to[0] ?? '';
}

function foldedLine(name: string, value: string): string {
  const line = `${name}: ${value}`;
  return `${line.length <= LINE ? line : foldLines(line, LINE)}\r\n`;
}
