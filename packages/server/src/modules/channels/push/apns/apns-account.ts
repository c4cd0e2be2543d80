import type { ServiceAddress } from '../service-address.ts';

/** How an app reaches Apple's push service. */
export type ApnsSettings = ApnsKeySettings | ApnsCertificateSettings;

interface ApnsApp {
  /** The app's bundle id: the topic of its messages. */
  readonly bundleId: string;
  /** Which of Apple's two services the tokens of ordinary builds belong to. */
  readonly environment: ApnsEnvironment;
  readonly address: ServiceAddress;
}

export type ApnsEnvironment = 'production' | 'sandbox';

/** A signing key of the team: one for all its apps, and without an end. */
export interface ApnsKeySettings extends ApnsApp {
  readonly kind: 'apns';
  /** PEM of the `.p8` file. */
  readonly key: string;
  readonly keyId: string;
  readonly teamId: string;
}

/** A certificate of one app, for a year. */
export interface ApnsCertificateSettings extends ApnsApp {
  readonly kind: 'apns_certificate';
  /** PKCS #12, base64. */
  readonly p12: string | null;
  readonly p12Password: string | null;
  /** PEM. */
  readonly certificate: string | null;
  readonly privateKey: string | null;
}
