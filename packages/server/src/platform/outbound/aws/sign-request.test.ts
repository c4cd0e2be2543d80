import { describe, expect, it } from 'vitest';
import { signAwsRequest } from './sign-request.ts';
import type { AwsRequest } from './sign-request.ts';

/** The credentials, the moment and the requests of AWS's published suite of test vectors. */
const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: null,
};
const NOW = Date.UTC(2015, 7, 30, 12, 36, 0);
const SCOPE = 'AKIDEXAMPLE/20150830/us-east-1/service/aws4_request';

const signed = (request: Partial<AwsRequest>, credentials = CREDENTIALS as never) =>
  signAwsRequest(
    {
      service: 'service',
      region: 'us-east-1',
      method: 'GET',
      url: 'https://example.amazonaws.com/',
      ...request,
    },
    credentials,
    NOW,
  );

describe('a request to AWS', () => {
  it.each<[string, Partial<AwsRequest>, string]>([
    ['get-vanilla', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    [
      'get-vanilla-query-order-key-case',
      { url: 'https://example.amazonaws.com/?Param2=value2&Param1=value1' },
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    ['post-vanilla', { method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ])('is signed as in AWS’s test %s', (_, request, signature) => {
    expect(signed(request)).toEqual({
      Host: 'example.amazonaws.com',
      'X-Amz-Date': '20150830T123600Z',
      Authorization: `AWS4-HMAC-SHA256 Credential=${SCOPE}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    });
  });

  it('is signed with its body, whether that is text or bytes', () => {
    const body = '{"Text":"Größe"}';
    const [text, bytes, other] = [body, Buffer.from(body), '{}'].map((each) =>
      signed({ method: 'POST', body: each, headers: { 'Content-Type': 'application/json' } }),
    );
    expect(bytes).toEqual(text);
    expect(text).toMatchObject({ 'Content-Type': 'application/json', 'Content-Length': '18' });
    expect(other?.['Authorization']).not.toBe(text?.['Authorization']);
  });

  it('names the token of keys that hold for a while', () => {
    const headers = signed({}, { ...CREDENTIALS, sessionToken: 'a token' } as never);
    expect(headers['X-Amz-Security-Token']).toBe('a token');
    expect(headers['Authorization']).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token,');
  });

  it('names the port of a host that has one', () => {
    expect(signed({ url: 'http://127.0.0.1:2530/v2/email' })['Host']).toBe('127.0.0.1:2530');
  });
});
