import { isIP } from 'node:net';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import { isPublicAddress } from '../../../platform/outbound/index.ts';

/**
 * Where an endpoint is. Plain http is for addresses that the operator has opened besides the public internet: nobody
 * else reads what goes there. Throws ApiError that names `url`.
 */
export function readEndpointUrl(text: string, isReachable: (address: string) => boolean): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw invalidField('url', 'must be an https address such as https://hooks.slack.com/services/…');
  }
  const host = hostOf(url);
  if (isIP(host) !== 0 && !isReachable(host)) {
    throw invalidField(
      'url',
      `must lead to the public internet, or to an address in CARILLON_OUTBOUND_ALLOWED, which ${host} is not`,
    );
  }
  if (url.protocol === 'http:' && (isIP(host) === 0 || isPublicAddress(host))) {
    throw invalidField('url', 'must begin with https://: what is posted would be read on its way');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalidField('url', 'must have no name and password: send them in headers');
  }
  return text;
}

/** As much of it as tells endpoints apart: whoever knows the rest of it can post. */
export function maskUrl(text: string): string {
  return `${new URL(text).origin}/…`;
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
