import { ConfigInvalid } from './config-invalid.ts';

/** What is fed: Carillon, or any server that speaks its wire. */
export interface CarillonTarget {
  readonly kind: 'carillon';
  readonly url: string;
  readonly appId: string;
  readonly apiKey: string;
}

/** OneSignal's own API. */
export interface OneSignalTarget {
  readonly kind: 'onesignal';
  readonly url: string;
  readonly appId: string;
  readonly apiKey: string;
  readonly plan: OneSignalPlan;
  /** Requests a second that the account has where they are not the published ones. */
  readonly rates: OneSignalRates;
  /** Under which name the data of custom events is sent. */
  readonly eventData: 'properties' | 'payload';
}

export type OneSignalPlan = 'free' | 'growth' | 'professional' | 'enterprise';

export interface OneSignalRates {
  /** Writes of users and subscriptions. */
  readonly users?: number;
  readonly messages?: number;
  readonly events?: number;
}

export type Target = CarillonTarget | OneSignalTarget;

/** As configurations may give it: a target without a kind is Carillon. */
export type TargetConfig = Target | Omit<CarillonTarget, 'kind'>;

/** Carillon, or any server that speaks its wire. */
export function carillon(options: Omit<CarillonTarget, 'kind'>): CarillonTarget {
  return { kind: 'carillon', ...options };
}

/**
 * OneSignal, within the limits that it publishes.
 *
 * @example target: onesignal({ appId: process.env.APP_ID!, apiKey: process.env.API_KEY!, plan: 'growth' })
 */
export function onesignal(options: {
  readonly appId: string;
  readonly apiKey: string;
  /** Whose limits hold; 'growth' when absent. */
  readonly plan?: OneSignalPlan;
  /** For a server that stands in for OneSignal, such as onesignal-fake. */
  readonly url?: string;
  /** Requests a second that the account has where they are not the published ones. */
  readonly rates?: OneSignalRates;
  /** OneSignal documents `properties`, its own SDKs send `payload`; `properties` when absent. */
  readonly eventData?: OneSignalTarget['eventData'];
}): OneSignalTarget {
  const {
    url = 'https://api.onesignal.com',
    plan = 'growth',
    rates = {},
    eventData = 'properties',
  } = options;
  for (const [name, rate] of Object.entries(rates)) {
    if (!(Number(rate) > 0)) throw new ConfigInvalid(`target.rates.${name}`, 'is a number above 0');
  }
  return { kind: 'onesignal', url, appId: options.appId, apiKey: options.apiKey, plan, rates, eventData };
}

/** The target with its kind. */
export function targetOf(config: TargetConfig): Target {
  return 'kind' in config ? config : carillon(config);
}
