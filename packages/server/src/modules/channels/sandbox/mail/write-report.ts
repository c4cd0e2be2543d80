import type { KeptMessage } from '../inbox/message-box.ts';

type ReturnedMail = Pick<KeptMessage, 'sender' | 'recipient'>;

const BOUNDARY = '=_report';
const SERVER = 'sandbox.carillon.example';

interface Part {
  readonly type: string;
  readonly text: string;
}

/** A mail server's report that it could not deliver a mail after it had taken it (RFC 3464). */
export function writeNonDelivery(
  { sender, recipient }: ReturnedMail,
  { raw, reason, now }: { readonly raw: Buffer; readonly reason: string; readonly now: number },
): string {
  const status = /[45]\.\d+\.\d+/.exec(reason)?.[0] ?? '5.0.0';
  const fields = [
    `Reporting-MTA: dns; ${SERVER}`,
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    'Action: failed',
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${reason}`,
  ];
  return writeMail(
    { to: sender, subject: 'Undelivered Mail Returned to Sender', kind: 'delivery-status', now },
    [
      { type: 'text/plain', text: `Your mail to ${recipient} could not be delivered: ${reason}` },
      { type: 'message/delivery-status', text: fields.join('\r\n') },
      { type: 'text/rfc822-headers', text: headersOf(raw) },
    ],
  );
}

/** A report that a person has marked a mail as spam, in the Abuse Reporting Format (RFC 5965). */
export function writeComplaint({ sender, recipient }: ReturnedMail, raw: Buffer, now: number): string {
  const fields = [
    'Feedback-Type: abuse',
    'User-Agent: Carillon-Sandbox/1',
    'Version: 1',
    `Original-Mail-From: <${sender}>`,
    `Original-Rcpt-To: <${recipient}>`,
  ];
  return writeMail({ to: sender, subject: 'A report of spam', kind: 'feedback-report', now }, [
    { type: 'text/plain', text: 'A person has marked this mail as spam.' },
    { type: 'message/feedback-report', text: fields.join('\r\n') },
    { type: 'text/rfc822-headers', text: headersOf(raw) },
  ]);
}

function writeMail(
  { to, subject, kind, now }: { to: string; subject: string; kind: string; now: number },
  parts: readonly Part[],
): string {
  const head = [
    `From: Mail Delivery System <MAILER-DAEMON@${SERVER}>`,
    `To: <${to}>`,
    `Subject: ${subject}`,
    `Date: ${new Date(now).toUTCString().replace('GMT', '+0000')}`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=${kind}; boundary="${BOUNDARY}"`,
  ];
  const body = parts.map(({ type, text }) => `--${BOUNDARY}\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`);
  return `${head.join('\r\n')}\r\n\r\n${body.join('')}--${BOUNDARY}--\r\n`;
}

function headersOf(raw: Buffer): string {
  const end = raw.indexOf('\r\n\r\n');
  return raw.toString('latin1', 0, end === -1 ? raw.length : end);
}
