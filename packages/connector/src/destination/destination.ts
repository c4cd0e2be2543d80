import type { FeedEvent } from '@carillon/wire';
import type { UserChange } from '../model/diff-user.ts';
import type { MappedUser } from '../model/map-user.ts';
import type { EventItem, MessageItem } from '../model/outbox-item.ts';
import type { Finding } from '../model/source.ts';

/** What became of one thing that was sent. Outages are waited out inside and never show here. */
export type Delivered =
  | { readonly kind: 'done' }
  /** It will be refused again: kept among the rejects. */
  | { readonly kind: 'rejected'; readonly rule: string }
  /** `signal` ended before there was an answer. */
  | { readonly kind: 'aborted' };

/** Events of messages, with the place behind them in the destination's feed. */
export interface EventPage {
  readonly events: readonly FeedEvent[];
  readonly cursor: string;
}

/** Where users, events and messages go. */
export interface Destination {
  putUser(user: MappedUser, change: UserChange, signal: AbortSignal): Promise<Delivered>;
  /** Turns all addresses of a user off, or deletes the user. Done as well where there is no such user. */
  removeUser(externalId: string, how: 'unsubscribe' | 'delete', signal: AbortSignal): Promise<Delivered>;
  /** One result for each event, in their order. */
  sendEvents(events: readonly EventItem[], signal: AbortSignal): Promise<readonly Delivered[]>;
  sendMessage(message: MessageItem, signal: AbortSignal): Promise<Delivered>;
  /** What happens to messages, from a cursor on, for ever. Ends at once where the server has no feed. */
  messageEvents(cursor: string | undefined, signal: AbortSignal): AsyncIterable<EventPage>;
  /** Is it there, does it take the key, does it know these templates? */
  check(templates: readonly string[]): Promise<readonly Finding[]>;
  close(): Promise<void>;
}
