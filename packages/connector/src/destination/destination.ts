import type { FeedEvent } from '@carillon/wire';
import type { UserChange } from '../model/diff-user.ts';
import type { MappedUser } from '../model/map-user.ts';
import type { EventItem, MessageItem } from '../model/outbox-item.ts';
import type { Finding } from '../model/source.ts';
import type { Cost, Work } from './cost.ts';

/** What became of one thing that was sent. Outages are waited out inside and never show here. */
export type Delivered =
  | { readonly kind: 'done' }
  /** A message that was taken and reaches nobody. Asking again changes nothing. */
  | { readonly kind: 'no-recipients'; readonly reason: string }
  /** It will be refused again: kept among the rejects. */
  | { readonly kind: 'rejected'; readonly rule: string }
  /** `signal` ended before there was an answer. */
  | { readonly kind: 'aborted' };

export const DONE: Delivered = { kind: 'done' };

/** Events of messages, with the place behind them in the destination's feed. */
export interface EventPage {
  readonly events: readonly FeedEvent[];
  readonly cursor: string;
}

/** One user to write, and what of it the destination does not know yet. */
export interface UserWrite {
  readonly user: MappedUser;
  readonly change: Exclude<UserChange, { kind: 'none' }>;
}

/** What becomes of a user that left the model: its subscriptions are turned off, or all of it goes. */
export type RemovalPolicy = 'unsubscribe' | 'delete';

/** What a destination can do. The delivery adapts to it and asks for no names. */
export interface Capabilities {
  /** Users in one call of `putUsers`; 1 where there is no bulk. */
  readonly usersPerCall: number;
  /** Calls of `putUsers` at a time that are worth making. */
  readonly userCalls: number;
  /**
   * How long a user who was just written waits for further changes, so that they become one write.
   * Milliseconds. Nothing waits behind it: an event or a message of the user ends the rest.
   */
  readonly userRestMs: number;
  readonly eventsPerCall: number;
  readonly messageCalls: number;
  /** How long an idempotency key of a message is surely remembered; null for ever. Milliseconds. */
  readonly messageKeyMs: number | null;
  /** How long those of events are; null for ever. Milliseconds. */
  readonly eventKeyMs: number | null;
  /** Is there a feed of message events to pull? */
  readonly pullsEvents: boolean;
}

/** What the configuration will ask of the destination. */
export interface Needs {
  readonly templates: readonly string[];
  /** The most tags that a user can have. */
  readonly tags: number;
  readonly sendsEvents: boolean;
}

/** Where users, events and messages go. */
export interface Destination {
  readonly capabilities: Capabilities;
  /** Writes users, each named once. One result for each, in their order. */
  putUsers(writes: readonly UserWrite[], signal: AbortSignal): Promise<readonly Delivered[]>;
  /** One who is not there is done. */
  removeUser(externalId: string, policy: RemovalPolicy, signal: AbortSignal): Promise<Delivered>;
  /** One result for each event, in their order. */
  sendEvents(events: readonly EventItem[], signal: AbortSignal): Promise<readonly Delivered[]>;
  sendMessage(message: MessageItem, signal: AbortSignal): Promise<Delivered>;
  /** What happens to messages, from a cursor on, for ever. Ends at once where the server has no feed. */
  messageEvents(cursor: string | undefined, signal: AbortSignal): AsyncIterable<EventPage>;
  /** Is it there, does it take the key, has it what will be asked of it? Changes nothing. */
  check(needs: Needs): Promise<readonly Finding[]>;
  /** What sending this would take at the limits that are known. */
  costOf(work: Work): Cost;
  close(): Promise<void>;
}
