import type { TokenSigner } from '@carillon/server';
import type { Arrivals } from '../arrivals.ts';

/** A channel, with a provider on this machine that takes messages in and plays the faults that addresses ask for. */
export interface Way {
  readonly channel: 'email' | 'push' | 'sms';
  /** What messages say. */
  readonly words: object;
  /** Of fifty people one is off, one is refused by the provider, and one is refused the first time. */
  readonly subscriptionOf: (index: number) => WaySubscription;
  readonly start: (place: Place) => Promise<Provider>;
}

export interface WaySubscription {
  readonly type: 'Email' | 'AndroidPush' | 'SMS';
  readonly token: string;
  readonly enabled: boolean;
}

export interface Place {
  readonly arrivals: Arrivals;
  readonly signer: TokenSigner;
  /** Which subscription has an address. */
  readonly subscriptionAt: (address: string) => string | undefined;
}

export interface Provider {
  readonly transport: 'email' | 'android_push' | 'sms';
  /** With which an app reaches it: the body of `PUT /apps/{app_id}/channels/{transport}`. */
  readonly account: object;
  readonly close: () => Promise<void>;
}

export type Fate = 'off' | 'refuse' | 'once' | 'person';

export function fateOf(index: number): Fate {
  return (['off', 'refuse', 'once'] as const)[index % 50] ?? 'person';
}
