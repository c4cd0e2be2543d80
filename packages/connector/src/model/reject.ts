import type { MappedUser } from './mapped-user.ts';
import type { EventItem, MessageItem } from './outbox-item.ts';
import { redactPayload, redactText } from './redact.ts';

/** Something that cannot be sent as it is, and why. Values are left out: they may be personal. */
export interface Reject {
  readonly what: 'user' | 'event' | 'message' | 'write-back';
  /** The user's key, or the idempotency key of an event or a message. */
  readonly key: string;
  readonly field: string;
  readonly rule: string;
  /** Whom an event or a message was for. */
  readonly externalId?: string;
  /** The last request and what was answered, redacted. */
  readonly request?: string;
  readonly answer?: string;
  /** What is needed to send it again under the same idempotency key. A user is read anew. */
  readonly item?: EventItem | MessageItem;
}

/** What was sent: of a user who is removed only its id. */
export type Sent = MappedUser | EventItem | MessageItem | { readonly externalId: string };

/** What the target said no to. */
export function rejectOf(what: Reject['what'], key: string, answer: string, sent: Sent): Reject {
  const rule = redactText(answer);
  return {
    what,
    key,
    field: 'target',
    rule,
    externalId: sent.externalId,
    request: redactPayload(sent),
    answer: rule,
    ...('kind' in sent ? { item: sent } : {}),
  };
}
