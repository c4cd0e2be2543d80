import type { Channel } from '@carillon/wire';
import type { DecimalText, MessageEvent, SubscriptionStatus } from './condition.ts';

/**
 * What conditions ask about one subscription and its user. Times are in milliseconds. Of a user without
 * subscriptions, what is about one is null, and counts as not known.
 */
export interface Facts {
  readonly subscriptionId: string | null;
  readonly channel: Channel | null;
  /** `Email`, `iOSPush` ... */
  readonly type: string | null;
  readonly appVersion: string | null;
  readonly sessionCount: number;
  /** Seconds. */
  readonly sessionTime: number;
  readonly lastActive: number;
  readonly createdAt: number | null;
  readonly status: SubscriptionStatus | null;
  readonly isRooted: boolean;
  readonly user: UserFacts;
}

export interface UserFacts {
  readonly externalId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly language: string | null;
  readonly country: string | null;
  readonly place: { readonly lat: number; readonly long: number } | null;
  readonly isTestUser: boolean;
  readonly sessionCount: number;
  readonly sessionTime: number;
  readonly firstActive: number;
  readonly lastActive: number;
  readonly amountSpent: DecimalText | null;
  readonly purchases: readonly {
    readonly sku: string;
    readonly amount: DecimalText;
    readonly count: number;
  }[];
  /** Of its email subscriptions, on or off. */
  readonly emails: readonly string[];
  /** Of the names, and since the times, that conditions ask for. */
  readonly customEvents: readonly CustomEventFact[];
  readonly messageEvents: readonly MessageEventFact[];
}

export interface CustomEventFact {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export interface MessageEventFact {
  readonly event: MessageEvent;
  readonly channel: Channel;
  readonly messageId: string;
  readonly at: number;
}
