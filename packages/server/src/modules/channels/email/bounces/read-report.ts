import type { ParsedMail } from 'mailparser';
import type { DeliveryEventKind } from '../../delivery-event.ts';
import { classOfStatus, kindOfBounce } from '../reports/bounce-class.ts';
import { readFieldGroups } from './read-fields.ts';
import type { Fields } from './read-fields.ts';

/** What a mail to a bounce address tells of its delivery. */
export interface MailedReport {
  readonly kind: Extract<DeliveryEventKind, 'bounced' | 'soft_bounced' | 'complained' | 'delivered'>;
  /** What the other side said. */
  readonly reason: string;
}

/** RFC 3464, and RFC 6533 for addresses outside of ASCII. */
const STATUS_PARTS: ReadonlySet<string> = new Set([
  'message/delivery-status',
  'message/global-delivery-status',
]);
const FEEDBACK_PART = 'message/feedback-report';
/** Kinds of feedback (RFC 5965) by which a person has reported a mail; `not-spam` and `other` are none. */
const COMPLAINTS: ReadonlySet<string> = new Set(['abuse', 'fraud']);
/** An enhanced status code among words, and no piece of an address or a version. */
const STATUS_IN_WORDS = /(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/;

/**
 * Reads the header lines and the body of a mail that came to a bounce address; `sender` is its envelope's, empty for a
 * mail that no answer is wanted to. Null for what tells nothing: an answer of a person or of a program (RFC 3834), a
 * server that still tries.
 */
export async function readReport(raw: Buffer, sender: string): Promise<MailedReport | null> {
  // Only where something has come: it holds 20 MB.
  const { simpleParser } = await import('mailparser');
  const mail = await simpleParser(raw, {
    keepDeliveryStatus: true,
    skipHtmlToText: true,
    skipTextToHtml: true,
  });
  const part = (types: { has(type: string): boolean }) =>
    mail.attachments.find(({ contentType }) => types.has(contentType))?.content.toString('latin1');
  const status = part(STATUS_PARTS);
  if (status !== undefined) return readDeliveryStatus(status);
  const feedback = part(new Set([FEEDBACK_PART]));
  if (feedback !== undefined) return readFeedback(feedback);
  return sender === '' && !isAnswer(mail) ? readWords(mail.text ?? '') : null;
}

/** The first group is of the mail, and each further one of a recipient. Ours have one. */
function readDeliveryStatus(text: string): MailedReport | null {
  const [, ...recipients] = readFieldGroups(text);
  for (const fields of recipients) {
    const report = reportOf(fields);
    if (report !== null) return report;
  }
  return null;
}

function reportOf(fields: Fields): MailedReport | null {
  const diagnostic = typeless(fields.get('diagnostic-code'));
  const status = statusOf(fields.get('status') ?? '', diagnostic);
  const reason = diagnostic || `The mail server reported ${status || 'no status'}`;
  switch ((fields.get('action') ?? '').toLowerCase()) {
    case 'failed':
      return { kind: kindOfBounce(classOfStatus(status)), reason };
    case 'delivered':
      return { kind: 'delivered', reason };
    // `delayed`: it is still tried. `relayed`, `expanded`: others have it, and nobody knows.
    default:
      return null;
  }
}

/** Exim reports 5.0.0 of everything, and keeps what the other server has said: that is more precise. */
function statusOf(reported: string, diagnostic: string): string {
  const status = /[245]\.\d{1,3}\.\d{1,3}/.exec(reported)?.[0] ?? '';
  const isVague = status === '' || status.endsWith('.0.0');
  return isVague ? (STATUS_IN_WORDS.exec(diagnostic)?.[1] ?? status) : status;
}

function readFeedback(text: string): MailedReport | null {
  const [fields] = readFieldGroups(text);
  const type = fields?.get('feedback-type')?.toLowerCase() ?? '';
  return COMPLAINTS.has(type) ? { kind: 'complained', reason: `reported as ${type}` } : null;
}

/** Old servers write a letter. What it is about is a guess: it suppresses nobody. */
function readWords(text: string): MailedReport | null {
  const found = STATUS_IN_WORDS.exec(text);
  if (found === null) return null;
  const line = text.slice(0, found.index).lastIndexOf('\n') + 1;
  const [reason = ''] = text.slice(line).split('\n');
  return { kind: kindOfBounce('soft'), reason };
}

/** RFC 3834, and the names that programs had for it before. Exim's bounces are no answers, and say so themselves. */
function isAnswer({ headers }: ParsedMail): boolean {
  if (headers.has('x-failed-recipients')) return false;
  const value = (name: string) => {
    const said = headers.get(name);
    return typeof said === 'string' ? said.toLowerCase() : '';
  };
  return (
    value('auto-submitted').startsWith('auto-replied') ||
    ['auto_reply', 'auto-reply'].includes(value('precedence')) ||
    headers.has('x-autoreply') ||
    headers.has('x-autorespond')
  );
}

/** `smtp; 550 5.1.1 …` without what kind of diagnostic it is. */
function typeless(value: string | undefined): string {
  return (value ?? '').replace(/^[\w-]+\s*;\s*/, '');
}
