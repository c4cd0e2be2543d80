import type { Channel } from '@carillon/wire';

/** Decimal text, such as `-12.50`: numbers of people are compared exactly, in PostgreSQL and here. */
export type DecimalText = string;

export type Order = '>' | '<';
export type Comparison = Order | '=' | '!=';

/**
 * One thing that is true of a subscription and its user, or not. Plain JSON: it is stored with a message and
 * evaluated later. What is not known of somebody makes a condition false, and its opposite (`not`, `!=`) true.
 */
export type Condition =
  /** The tag has one of the values. */
  | {
      readonly kind: 'tag';
      readonly key: string;
      readonly values: readonly string[];
      readonly not: boolean;
    }
  | { readonly kind: 'tag-exists'; readonly key: string; readonly not: boolean }
  /** The tag is a number, and above or below another one. */
  | {
      readonly kind: 'tag-number';
      readonly key: string;
      readonly relation: Order;
      readonly value: DecimalText;
    }
  /** The tag is a time in Unix seconds, and more or fewer seconds ago. Times to come are a negative number ago. */
  | {
      readonly kind: 'tag-elapsed';
      readonly key: string;
      readonly relation: Order;
      readonly seconds: DecimalText;
    }
  /** The property is known, where `value` is null. */
  | {
      readonly kind: 'property';
      readonly property: 'language' | 'country';
      readonly value: string | null;
      readonly not: boolean;
    }
  /** `>`: longer ago. */
  | {
      readonly kind: 'session';
      readonly session: 'first' | 'last';
      readonly relation: Order;
      readonly hours: number;
    }
  | {
      readonly kind: 'number';
      readonly of: 'session_count' | 'session_time' | 'amount_spent';
      readonly relation: Comparison;
      readonly value: DecimalText;
    }
  /** What was spent on something that was bought at least once. */
  | {
      readonly kind: 'bought';
      readonly sku: string;
      readonly relation: Comparison;
      readonly value: DecimalText;
    }
  | { readonly kind: 'app-version'; readonly relation: Comparison; readonly value: string }
  /** Degrees, and metres around them. */
  | { readonly kind: 'near'; readonly lat: number; readonly long: number; readonly radius: number }
  /** The user has an email subscription with this address, on or off. */
  | { readonly kind: 'email'; readonly email: string; readonly not: boolean }
  /** The subscription is of one of these kinds: `iOSPush`, `Email`. */
  | { readonly kind: 'type'; readonly types: readonly string[]; readonly not: boolean }
  | { readonly kind: 'test-user'; readonly not: boolean }
  | { readonly kind: 'external-id'; readonly not: boolean }
  /** The device is jailbroken or rooted, as it says itself. */
  | { readonly kind: 'rooted'; readonly not: boolean }
  /** When the subscription was made. `>`: longer ago. */
  | { readonly kind: 'created'; readonly relation: Order; readonly hours: number }
  | { readonly kind: 'status'; readonly status: SubscriptionStatus; readonly not: boolean }
  | CustomEventCondition
  | MessageEventCondition
  /** Of a saved segment; what it means is looked up when the condition is evaluated. */
  | { readonly kind: 'segment'; readonly id: string }
  /** What a segment means, once it was looked up. Never stored. */
  | { readonly kind: 'any'; readonly of: Expression }
  | Slice;

/** `subscribed` can be reached; `no_token` has never had a place to send to. */
export type SubscriptionStatus = 'subscribed' | 'unsubscribed' | 'no_token';

/** How often something has happened to a user, and when. */
interface Happened {
  readonly relation: Comparison;
  readonly times: number;
  /** Not longer ago; null for ever. */
  readonly fromHours: number | null;
  /** At least so long ago; null up to now. */
  readonly toHours: number | null;
}

export interface CustomEventCondition extends Happened {
  readonly kind: 'custom-event';
  readonly name: string;
  /** What is asked of an event for it to count: all of it, or any. */
  readonly properties: readonly PropertyTest[];
  readonly match: 'all' | 'any';
}

/** What is asked of one property of an event. Text and numbers are compared as those of tags are. */
export interface PropertyTest {
  /** Names and places in lists, from the outside in. */
  readonly path: readonly string[];
  readonly test:
    | { readonly is: 'exists' }
    | { readonly is: 'one-of'; readonly values: readonly string[] }
    | { readonly is: Order; readonly value: DecimalText };
  readonly not: boolean;
}

/** What happens to messages that are for a user. `sent`, `failed` and `suppressed` are how a delivery ends. */
export const MESSAGE_EVENTS = [
  'sent',
  'failed',
  'suppressed',
  'delivered',
  'opened',
  'clicked',
  'bounced',
  'complained',
  'unsubscribed',
] as const;
export type MessageEvent = (typeof MESSAGE_EVENTS)[number];

export interface MessageEventCondition extends Happened {
  readonly kind: 'message-event';
  readonly event: MessageEvent;
  /** Null for all channels. */
  readonly channel: Channel | null;
  /** Null for all messages. */
  readonly messageId: string | null;
}

/**
 * A part of all subscriptions that is the same whoever asks and whenever: those whose hash under `salt` is in
 * [from, to) of 10,000. Other salts cut elsewhere; neighbouring slices of one salt share nobody.
 */
export interface Slice {
  readonly kind: 'slice';
  readonly salt: string;
  readonly from: number;
  readonly to: number;
}

/** An OR of ANDs. `[[]]` is true of everyone, `[]` of nobody. */
export type Expression = readonly (readonly Condition[])[];

/** Whom a message is for, of the subscriptions of its channel that can be reached, or that have an address at least. */
export interface Audience {
  readonly include: Expression;
  /** Wins over `include`. */
  readonly exclude: Expression;
  /** What is true of everyone in it besides. */
  readonly only: readonly Condition[];
  /** Whoever has unsubscribed is in it too: for emails that go to everybody, such as receipts. */
  readonly unsubscribedToo?: true;
}

export const EVERYONE: Expression = [[]];
export const NOBODY: Expression = [];

/** Whether this is everyone who can be reached: true only where that is written down so. */
export function isEveryone({ include, exclude, only, unsubscribedToo }: Audience): boolean {
  const isNarrowed = exclude.length > 0 || only.length > 0;
  return include.some((all) => all.length === 0) && !isNarrowed && unsubscribedToo !== true;
}

/** Whether nobody can be meant, whoever there is. */
export function isNobody({ include, exclude }: Audience): boolean {
  return include.length === 0 || exclude.some((all) => all.length === 0);
}
