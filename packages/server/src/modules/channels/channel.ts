import type { Transport } from './transport.ts';

/**
 * What happened to one delivery that was handed to a channel. Permanent and temporary failures are
 * told apart by facts of the protocol (a reply code, a status), never by the words of an answer.
 */
export type Outcome =
  /**
   * The provider has taken it. `ref` is the provider's own name for it, where it gives one; `copies` how many
   * copies for others it has taken, where there were to be any; `newToken` the address that it is to be reached by
   * from now on, where the provider says so.
   */
  | {
      readonly state: 'sent';
      readonly ref: string | null;
      readonly copies?: number;
      readonly newToken?: string;
    }
  /** The provider will never take it: trying again would get the same answer. */
  | { readonly state: 'failed'; readonly reason: string; readonly address?: AddressFault }
  /**
   * Not now. `afterMs` is how long the provider asked to wait, where it said so; `limited` that it takes no more at a
   * time from this account, whoever they are for.
   */
  | {
      readonly state: 'retry';
      readonly reason: string;
      readonly afterMs: number | null;
      readonly limited?: true;
    };

/** What a refusal says of the address itself, for all messages to come. */
export interface AddressFault {
  /** The subscription becomes unreachable, with this value as the wire knows it (-10: the token is not valid). */
  readonly notificationTypes: number;
}

/** Who gets it: the part of a recipient that sending needs. */
export interface Addressee {
  readonly subscriptionId: string;
  /** The address: an email address, a phone number, a push token. */
  readonly token: string;
  /** What a push device said of itself, under the wire's names: `web_auth` and `web_p256` among them. */
  readonly device?: Readonly<Record<string, unknown>> | null;
}

/** One rendered message for one subscription. */
export interface Envelope<Content> {
  readonly messageId: string;
  /** The lane of this delivery's ledger row. It never changes, so what comes back can name it. */
  readonly lane: number;
  readonly recipient: Addressee;
  readonly content: Content;
  /** 1 for the first hand-over. */
  readonly attempt: number;
}

/** Through whom one app sends on one channel. */
export interface ProviderAccount<Settings> {
  /** Names exactly these settings: changed settings have another key. Connections are kept per key. */
  readonly key: string;
  readonly settings: Settings;
  /** Among those of its app and way, where there are several: stays when the settings change. */
  readonly name?: string;
}

/**
 * A way to reach people. Every channel keeps these promises, and `describeChannel` in
 * channel-conformance.ts tests each of them:
 *
 * 1. `deliver` returns one outcome for each envelope, in the order of the page.
 * 2. It never rejects because of a recipient, a provider or the network: those are outcomes.
 * 3. The provider's idempotency key (email: the Message-ID) is a pure function of the message's
 *    and the subscription's id, so that a repeated hand-over can be recognized on the other side.
 * 4. `failed` means that the protocol said "never"; anything in doubt is `retry`.
 * 5. It resolves in bounded time, whatever the other side does.
 * 6. `close` ends all its connections; `deliver` after `close` opens new ones.
 */
export interface Channel<Content, Settings> {
  readonly name: Transport;
  /** Deliveries that keep this account busy. More at a time are not faster, only longer in doubt. */
  capacity(account: ProviderAccount<Settings>): number;
  deliver(account: ProviderAccount<Settings>, page: readonly Envelope<Content>[]): Promise<Outcome[]>;
  /** Resolves when every connection is closed. Call it when no delivery is under way. */
  close(): Promise<void>;
}

/** A channel, with the account that an app sends through now. */
export interface ChannelAccount<Content> {
  readonly channel: Pick<Channel<Content, unknown>, 'deliver' | 'capacity'>;
  readonly account: ProviderAccount<unknown>;
}

/** One of the providers that an app sends through by one way. */
export interface AppProvider<Content> extends ChannelAccount<Content> {
  /** Among those of its app and way. */
  readonly name: string;
  /** Those of the lowest order that work are asked first. */
  readonly order: number;
  /** Its part among those of its order. */
  readonly weight: number;
  /** How many it may be given today, where that is limited. */
  readonly quota: ProviderQuota | null;
  /** How many a minute it is given for a receiving domain, where that is limited: of emails only. */
  readonly domainLimits: Readonly<Record<string, number>> | null;
}

/** A provider that may be given only so many a day. */
export interface ProviderQuota {
  /** Takes what is left of today, at most `wanted`. */
  take(wanted: number): Promise<TakenOfDay>;
}

export interface TakenOfDay {
  readonly count: number;
  /** Of so many in all; null when there is no limit any more, or not yet known what it is. */
  readonly most: number | null;
  /** When the next day begins, in milliseconds since the epoch. */
  readonly nextAt: number;
}
