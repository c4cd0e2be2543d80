import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSignedByVonage, signVonageWebhook } from './signature.ts';

const SECRET = 'secret of the account';
const BODY = '{"message_uuid":"u1","text":"Größe"}';
const applicationId = 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab';
const claims = { iat: 1_764_158_400, iss: 'Vonage', application_id: applicationId };
const signed = (body = BODY, secret = SECRET, more = {}) =>
  signVonageWebhook(secret, body, { ...claims, ...more });
const isSigned = (authorization: string | undefined, body = BODY) =>
  isSignedByVonage(SECRET, { authorization, body, applicationId });

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the signature of a webhook', () => {
  it('is of who knows the secret, over this body', () => {
    expect(isSigned(signed())).toBe(true);
    expect(isSigned(signed(BODY, 'another'))).toBe(false);
    expect(isSigned(signed(), `${BODY} `)).toBe(false);
    expect(isSigned(undefined)).toBe(false);
    expect(isSigned('Bearer a.b.c')).toBe(false);
    expect(isSigned(`${signed()}.d`)).toBe(false);
  });

  it('is for this application, where it says for which', () => {
    expect(isSigned(signed(BODY, SECRET, { application_id: applicationId.toUpperCase() }))).toBe(true);
    expect(isSigned(signed(BODY, SECRET, { application_id: undefined }))).toBe(true);
    expect(isSigned(signed(BODY, SECRET, { application_id: 'bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab' }))).toBe(
      false,
    );
  });

  it('is none without an algorithm, or with another', () => {
    for (const alg of ['none', 'HS512']) {
      const text = `${part({ alg })}.${signed().split('.')[1]}`;
      const mac = createHmac('sha256', SECRET).update(text).digest('base64url');
      expect(isSigned(`Bearer ${text}.${mac}`)).toBe(false);
    }
  });

  it('covers the body by its sum', () => {
    const text = `${part({ alg: 'HS256' })}.${part(claims)}`;
    const mac = createHmac('sha256', SECRET).update(text).digest('base64url');
    expect(isSigned(`Bearer ${text}.${mac}`)).toBe(false);
  });
});
