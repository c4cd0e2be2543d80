import { generateKeyPairSync, sign } from 'node:crypto';
import { ApnsChannel, sandboxApnsSettings, systemClock } from '@carillon/server';
import { compareWithBare } from './compare-with-bare.ts';

const tokenOf = (index: number) => index.toString(16).padStart(64, '0');

export const apns = compareWithBare({
  service: 'apns',
  name: 'APNs',
  channel: () => new ApnsChannel({ clock: systemClock, outboundAllowed: [] }),
  settings: sandboxApnsSettings,
  tokenOf,
  async bareRequests(first) {
    const headers = { ...first.headers, authorization: `bearer ${providerToken()}` };
    const body = JSON.stringify(first.payload);
    return (index) => ({
      path: `/3/device/${tokenOf(index)}`,
      // Each message has a name of its own, as it must with any client.
      headers: { ...headers, 'apns-id': `0193a000-0000-7000-8000-${index.toString(16).padStart(12, '0')}` },
      body,
    });
  },
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function providerToken(): string {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const claims = { iss: 'SANDBOXTEA', iat: Math.floor(Date.now() / 1_000) };
  const signed = `${part({ alg: 'ES256', kid: 'SANDBOXKEY' })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
