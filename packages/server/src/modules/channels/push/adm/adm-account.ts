import type { ServiceAddress } from '../service-address.ts';

/** How an app reaches Amazon Device Messaging: by a security profile of Login with Amazon. */
export interface AdmSettings {
  readonly kind: 'adm';
  readonly clientId: string;
  readonly clientSecret: string;
  readonly address: ServiceAddress;
}
