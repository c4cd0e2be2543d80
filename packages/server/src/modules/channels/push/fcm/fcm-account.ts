import type { ServiceAddress } from '../service-address.ts';

/** How an app reaches Firebase Cloud Messaging: by a service account of its Firebase project. */
export interface FcmSettings {
  readonly kind: 'fcm';
  readonly projectId: string;
  readonly clientEmail: string;
  /** PEM. */
  readonly privateKey: string;
  readonly privateKeyId: string | null;
  /** Where access tokens are given out. */
  readonly tokenUri: string;
  readonly address: ServiceAddress;
}
