import { describe, expect, it } from 'vitest';
import { reachableAddresses } from '../../../platform/outbound/index.ts';
import { readSettings, showSettings } from './endpoint-settings.ts';
import type { EndpointSettings } from './endpoint-settings.ts';

const isReachable = reachableAddresses(['127.0.0.1']);
const read = (body: object, before: EndpointSettings | null = null) =>
  readSettings({ kind: 'webhook', url: 'https://shop.example/hook', ...body }, before, isReachable);

function fault(body: object): string {
  try {
    read(body);
  } catch (error) {
    const { params } = error as { params: { field: string; rule: string } };
    return `${params.field} ${params.rule}`;
  }
  return '';
}

describe('where an endpoint is', () => {
  it.each([
    'https://hooks.slack.com/services/T/B/x',
    'https://[2606:4700:4700::1111]/x',
    'http://127.0.0.1:8080/x',
    'https://127.0.0.1/x',
  ])('can be %s', (url) => expect(read({ url }).settings.url).toBe(url));

  it.each([
    ['hooks.slack.com', 'must be an https address'],
    ['ftp://shop.example/', 'must be an https address'],
    ['http://shop.example/', 'must begin with https://'],
    ['http://1.1.1.1/', 'must begin with https://'],
    ['https://10.0.0.1/', 'to the public internet'],
    ['http://169.254.169.254/latest', 'to the public internet'],
    ['https://[::1]/', 'to the public internet'],
    ['https://2130706434/', 'to the public internet'],
    ['https://a:b@shop.example/', 'no name and password'],
  ])('cannot be %s', (url, rule) => expect(fault({ url })).toMatch(new RegExp(`^url .*${rule}`)));

  it('is shown without what opens it', () => {
    const { settings } = read({ headers: { 'X-Key': 'secret' } });
    expect(showSettings(settings)).toEqual({
      kind: 'webhook',
      url: 'https://shop.example/…',
      header_names: ['X-Key'],
    });
  });
});

describe('the secret of a webhook', () => {
  it('is made when there is none, stays until another is given, and is told when it is made', () => {
    const first = read({});
    expect(first.madeSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const second = read({ url: 'https://other.example/' }, first.settings);
    expect(second.madeSecret).toBeNull();
    expect(second.settings).toMatchObject({ secret: first.madeSecret });
    const given = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    expect(read({ secret: given }, first.settings)).toMatchObject({
      settings: { secret: given },
      madeSecret: null,
    });
    expect(read({}, { kind: 'slack', url: 'https://x.example/' }).madeSecret).not.toBeNull();
  });

  it.each(['secret', 'whsec_', `whsec_${Buffer.alloc(23).toString('base64')}`, 'whsec_not base64 at all'])(
    'cannot be %s',
    (secret) => expect(fault({ secret })).toMatch(/^secret must be whsec_ and 24 to 64 bytes/),
  );
});

describe('a header of a webhook', () => {
  it.each([
    ['host', 'is set by the server'],
    ['Content-Type', 'is set by the server'],
    ['webhook-signature', 'is set by the server'],
    ['a b', 'is no name of a header'],
  ])('cannot be %s', (name, rule) => {
    expect(fault({ headers: { [name]: 'x' } })).toMatch(new RegExp(`^headers.${name} ${rule}`));
  });
});
