import type { KeptMessage } from '../inbox/message-box.ts';

/** What became of a mail that was taken in, as its sender is told. */
export interface MailNews {
  readonly message: KeptMessage;
  readonly kind: 'delivered' | 'bounced' | 'soft_bounced' | 'complained';
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What the receiving side said; null when it said nothing. */
  readonly reason: string | null;
}

/** Tells what is news. False when it was refused; rejects when there was no answer. */
export type TellMailNews = (news: readonly MailNews[]) => Promise<boolean>;

/** A person looks first; and some providers tell whole seconds. */
const COMPLAINT_AFTER_MS = 1_000;

/** What there is to tell of a mail by its fate. */
export function newsOf(message: KeptMessage): MailNews[] {
  const at = message.received_at.getTime();
  switch (message.fate) {
    case 'bounced':
      return [{ message, kind: 'bounced', at, reason: '550 5.1.1 The sandbox bounces this address' }];
    case 'soft_bounced':
      return [{ message, kind: 'soft_bounced', at, reason: '452 4.2.2 The mailbox of this address is full' }];
    case 'complained':
      return [delivered(message, at), complaintOf(message, at + COMPLAINT_AFTER_MS)];
    case 'delivered':
    case 'undelivered':
      return [delivered(message, at)];
  }
}

/** That the person at the other end has reported a mail as spam. */
export function complaintOf(message: KeptMessage, at: number): MailNews {
  return { message, kind: 'complained', at, reason: 'reported as spam in the sandbox' };
}

function delivered(message: KeptMessage, at: number): MailNews {
  return { message, kind: 'delivered', at, reason: null };
}
