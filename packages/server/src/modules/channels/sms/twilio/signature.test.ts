import { describe, expect, it } from 'vitest';
import { isSignedByTwilio, signTwilioRequest } from './signature.ts';

const FORM = 'application/x-www-form-urlencoded';
/** The example of Twilio's own documentation and of its client libraries. */
const EXAMPLE = {
  token: '12345',
  url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
  body: 'Digits=1234&To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309&CallSid=CA1234567890ABCDE',
  signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
};
const request = { ...EXAMPLE, contentType: FORM };

describe('the signature of Twilio’s requests', () => {
  it('is the one that Twilio documents', () => {
    expect(signTwilioRequest(EXAMPLE.token, EXAMPLE.url, new URLSearchParams(EXAMPLE.body))).toBe(
      EXAMPLE.signature,
    );
    expect(isSignedByTwilio('12345', request)).toBe(true);
    const other = {
      ...request,
      body: EXAMPLE.body.replaceAll('14158675309', '14158675310'),
      signature: 'GvWf1cFY/Q7PnoempGyD5oXAezc=',
    };
    expect(isSignedByTwilio('12345', other)).toBe(true);
  });

  it.each<[string, Partial<typeof request> | { signature: undefined }]>([
    ['another value', { body: EXAMPLE.body.replace('1234', '1235') }],
    ['one more value', { body: `${EXAMPLE.body}&Extra=1` }],
    ['another address', { url: EXAMPLE.url.replace('foo=1', 'foo=2') }],
    ['another scheme', { url: EXAMPLE.url.replace('https', 'http') }],
    ['another signature', { signature: 'XSOYDt4T1cUTdK1PDd93/VVr8B8=' }],
    ['half of the signature', { signature: EXAMPLE.signature.slice(0, 12) }],
    ['no signature', { signature: undefined }],
  ])('does not fit %s', (_name, change) => {
    expect(isSignedByTwilio('12345', { ...request, ...change })).toBe(false);
  });

  it('does not fit another token', () => {
    expect(isSignedByTwilio('12346', request)).toBe(false);
  });

  it('fits with the scheme’s own port in the address or without', () => {
    expect(isSignedByTwilio('12345', { ...request, url: EXAMPLE.url.replace('.com', '.com:443') })).toBe(
      true,
    );
    const url = 'http://mycompany.com:80/a';
    const signature = signTwilioRequest('12345', 'http://mycompany.com/a', new URLSearchParams());
    expect(isSignedByTwilio('12345', { url, contentType: FORM, body: '', signature })).toBe(true);
    expect(isSignedByTwilio('12345', { ...request, url: EXAMPLE.url.replace('.com', '.com:8443') })).toBe(
      false,
    );
  });

  it('counts a value that comes twice under one name once', () => {
    const url = 'https://mycompany.com/a';
    const once = signTwilioRequest('12345', url, new URLSearchParams('a=1&b=2'));
    expect(signTwilioRequest('12345', url, new URLSearchParams('b=2&a=1&a=1'))).toBe(once);
  });

  it('covers any other body by its sum in the address', () => {
    const body = '{"CallSid":"CA1234567890ABCDE","Caller":"+12349013030"}';
    const url =
      'https://example.com/myapp?bodySHA256=5ccde7145dfb8f56479710896586cb9d5911809d83afbe34627818790db0aec9';
    const signature = signTwilioRequest('12345', url, new URLSearchParams());
    const json = { url, contentType: 'application/json', body, signature };
    expect(isSignedByTwilio('12345', json)).toBe(true);
    expect(isSignedByTwilio('12345', { ...json, body: `${body} ` })).toBe(false);
    const bare = { ...json, url: 'https://example.com/myapp' };
    const bareSignature = signTwilioRequest('12345', bare.url, new URLSearchParams());
    expect(isSignedByTwilio('12345', { ...bare, signature: bareSignature })).toBe(false);
  });
});
