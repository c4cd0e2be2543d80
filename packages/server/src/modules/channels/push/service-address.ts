import { Type } from 'typebox';
import { invalidField } from '../../../platform/http/invalid-field.ts';

/** Where a push service is reached. */
export type ServiceAddress =
  /** At its provider's own hosts. */
  | { readonly kind: 'provider' }
  /** At an origin that the app has set, which requests of users must be allowed to reach. */
  | { readonly kind: 'elsewhere'; readonly origin: string }
  /** At the sandbox of this installation. No request sets this. */
  | { readonly kind: 'sandbox'; readonly origin: string };

export const baseUrlField = Type.Union([Type.String({ maxLength: 2_048 }), Type.Null()], {
  description:
    'Where the service is reached instead of at its own address: `https://host[:port]`, or `http://…` for a proxy that speaks HTTP/2 in the clear.',
});

/** Of services over HTTP/1.1, which give out their access tokens there, too. */
export const httpsBaseUrlField = Type.Union([Type.String({ maxLength: 2_048 }), Type.Null()], {
  description:
    'Where the service and its access tokens are reached instead of at their own addresses: `https://host[:port]`, or `http://…`.',
});

/** What a request says in `base_url`. Throws ApiError. */
export function readServiceAddress(baseUrl: string | null): ServiceAddress {
  if (baseUrl === null) return { kind: 'provider' };
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const isOrigin = url !== null && url.href === `${url.origin}/`;
  if (!isOrigin || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw invalidField('base_url', 'must be https://host[:port] or http://host[:port], without a path');
  }
  return { kind: 'elsewhere', origin: url.origin };
}

/** As `base_url` is shown. */
export function baseUrlOf(address: ServiceAddress): string | null {
  return address.kind === 'provider' ? null : address.origin;
}
