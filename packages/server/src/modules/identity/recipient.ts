import type { Channel } from '@carillon/wire';

/** What rendering and sending need to know of one subscription and its user. */
export interface Recipient {
  /** Where the subscription and its user live now. */
  readonly lane: number;
  readonly subscriptionId: string;
  readonly userId: string;
  /** `Email`, `SMS`, `ChromePush` ... */
  readonly type: string;
  readonly channel: Channel;
  /** The address: email, E.164 number, push token or endpoint. */
  readonly token: string;
  /** Enabled, opted in (notification_types above 0), and with a token. */
  readonly reachable: boolean;
  /** What a push device has said of itself, under the wire's names; null on other channels. */
  readonly device: Readonly<Record<string, unknown>> | null;
  readonly externalId: string | null;
  readonly language: string | null;
  readonly timezoneId: string | null;
  readonly country: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface UserPlace {
  readonly lane: number;
  readonly userId: string;
}

/** Where a subscription is, and whether a message can go there now. */
export interface SubscriptionPlace extends UserPlace {
  readonly subscriptionId: string;
  readonly type: string;
  readonly channel: Channel;
  readonly reachable: boolean;
}
