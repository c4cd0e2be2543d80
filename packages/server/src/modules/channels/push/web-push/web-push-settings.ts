import type { ServiceAddress } from '../service-address.ts';
import type { VapidKeys } from './vapid-keys.ts';

/** As whom an app sends web push: it needs no account anywhere, only a key pair that stays the same. */
export interface WebPushSettings extends VapidKeys {
  readonly kind: 'vapid';
  /** Whom a push service can write to when something is wrong: `mailto:…` or `https://…`. */
  readonly subject: string;
  /** Of the sandbox, everything goes there. Absent: to the push services that the browsers have named. */
  readonly address?: Extract<ServiceAddress, { readonly kind: 'sandbox' }>;
}
