import type { Outcome } from '../../channel.ts';
import { reasonFrom } from '../reason-from.ts';

/** The parts of nodemailer's error that tell what happened on the wire. */
export interface SmtpFault {
  readonly message: string;
  /** Nodemailer's name of the step that failed. */
  readonly code?: string;
  /** The three digits of the reply, when there was one. */
  readonly responseCode?: number;
  /** The whole reply. */
  readonly response?: string;
}

/**
 * Steps before any recipient is named. A refusal here (a wrong password, a closed port, a failed
 * handshake) says nothing about the recipient, so even a 5xx is worth another try: the account can
 * be mended while the message still waits.
 */
const BEFORE_THE_ENVELOPE = new Set([
  'ECONNECTION',
  'ETIMEDOUT',
  'ESOCKET',
  'EDNS',
  'ETLS',
  'EREQUIRETLS',
  'EPROTOCOL',
  'EAUTH',
  'ENOAUTH',
  'EOAUTH2',
  'EPROXY',
]);

/** True when the fault is the server's or the account's, not this recipient's or this mail's. */
export function isAccountFault(fault: SmtpFault): boolean {
  return fault.responseCode === 421 || BEFORE_THE_ENVELOPE.has(fault.code ?? '');
}

/**
 * The outcome of a refused mail, by RFC 5321 section 4.2.1: 5yz is permanent, 4yz is temporary. 503
 * (bad sequence of commands) speaks of the session and not of the mail. No reply at all means that
 * the connection failed, or that nodemailer refused the address before it asked anyone.
 */
export function outcomeOfFault(fault: SmtpFault): Outcome {
  const reason = reasonOf(fault);
  if (isAccountFault(fault)) return { state: 'retry', reason, afterMs: null };
  const code = fault.responseCode;
  if (code === undefined) {
    const unsendable = fault.code === 'EENVELOPE' || fault.code === 'EMESSAGE';
    return unsendable ? { state: 'failed', reason } : { state: 'retry', reason, afterMs: null };
  }
  const permanent = code >= 500 && code !== 503;
  return permanent ? { state: 'failed', reason } : { state: 'retry', reason, afterMs: null };
}

/** The server's own words without the address. */
function reasonOf(fault: SmtpFault): string {
  const words = fault.response ?? fault.message;
  const prefix = fault.responseCode === undefined ? `${fault.code ?? 'fault'}: ` : '';
  return reasonFrom(prefix + words);
}
