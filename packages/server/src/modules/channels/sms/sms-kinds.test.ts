import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { APPLICATION_KEY, APPLICATION_PUBLIC_KEY } from './fixtures/sms-rig.ts';
import { smppKind } from './smpp/smpp-account.ts';
import { snsKind } from './sns/sns-account.ts';
import { twilioKind } from './twilio/twilio-account.ts';
import { vonageKind } from './vonage/vonage-account.ts';

const ACCOUNT_SID = `AC${'1'.repeat(32)}`;
const twilio = { kind: 'twilio', account_sid: ACCOUNT_SID, auth_token: 't', from: '+15550100000' } as const;
const smpp = { kind: 'smpp', host: 'smsc.example', system_id: 'shop', password: 'p', from: 'Shop' } as const;

describe('settings of Twilio', () => {
  it('need an account, its token and a sender', () => {
    expect(Value.Check(twilioKind.body, twilio)).toBe(true);
    expect(twilioKind.read(twilio)).toEqual({
      kind: 'twilio',
      accountSid: ACCOUNT_SID,
      authToken: 't',
      apiKeySid: null,
      apiKeySecret: null,
      from: '+15550100000',
      baseUrl: 'https://api.twilio.com',
      connections: 10,
    });
  });

  it.each([
    ['an account that is none', { account_sid: 'AC1' }],
    ['an empty token', { auth_token: '' }],
    ['more connections than are kept', { connections: 33 }],
    ['a member that there is not', { token: 't' }],
  ])('are refused with %s', (_name, change) => {
    expect(Value.Check(twilioKind.body, { ...twilio, ...change })).toBe(false);
  });

  it.each([
    [{ api_key_sid: `SK${'1'.repeat(32)}` }, 'api_key_secret must be there'],
    [{ api_key_secret: 's' }, 'api_key_sid must be there'],
    [{ base_url: 'ftp://api.twilio.com' }, 'base_url must be'],
    [{ base_url: 'https://user:word@api.twilio.com' }, 'base_url must be'],
    [{ base_url: 'https://api.twilio.com/?a=1' }, 'base_url must be'],
  ])('are refused where a shape cannot tell: %j', (change, sentence) => {
    expect(() => twilioKind.read({ ...twilio, ...change })).toThrow(sentence);
  });

  it('are shown without their secrets', () => {
    const key = { api_key_sid: `SK${'1'.repeat(32)}`, api_key_secret: 'secret of the key' };
    const settings = twilioKind.read({ ...twilio, ...key, base_url: 'https://api.dublin.ie1.twilio.com/' });
    const shown = twilioKind.show(settings);
    expect(Value.Check(twilioKind.shown, shown)).toBe(true);
    expect(shown).toMatchObject({
      api_key_sid: key.api_key_sid,
      base_url: 'https://api.dublin.ie1.twilio.com',
    });
    for (const name of twilioKind.secrets) expect(Object.values(shown)).not.toContain(settings[name]);
  });
});

const vonage = {
  kind: 'vonage',
  application_id: 'AAAAAAAA-bbbb-4ccc-8ddd-0123456789ab',
  private_key: APPLICATION_KEY,
  signature_secret: 's',
  from: '+15550100000',
} as const;

describe('settings of Vonage', () => {
  it('need an application, its key, the secret and a sender', () => {
    expect(Value.Check(vonageKind.body, vonage)).toBe(true);
    const settings = vonageKind.read(vonage);
    expect(settings).toMatchObject({
      applicationId: vonage.application_id.toLowerCase(),
      baseUrl: 'https://api.nexmo.com',
      connections: 10,
    });
    const base64 = Buffer.from(APPLICATION_KEY).toString('base64');
    expect(vonageKind.read({ ...vonage, private_key: base64 })).toEqual(settings);
  });

  it.each([
    [{ private_key: 'word' }, 'private_key must be a whole RSA private key'],
    [{ private_key: APPLICATION_PUBLIC_KEY }, 'private_key must be a whole RSA private key'],
    [{ base_url: 'ftp://api.nexmo.com' }, 'base_url must be'],
  ])('are refused where a shape cannot tell: %j', (change, sentence) => {
    expect(() => vonageKind.read({ ...vonage, ...change })).toThrow(sentence);
  });

  it('are shown without their secrets', () => {
    const settings = vonageKind.read(vonage);
    const shown = vonageKind.show(settings);
    expect(Value.Check(vonageKind.shown, shown)).toBe(true);
    for (const name of vonageKind.secrets) {
      expect(Object.values(shown)).not.toContain(settings[name as keyof typeof settings]);
    }
  });
});

const sns = {
  kind: 'sns',
  region: 'eu-central-1',
  access_key_id: 'AKIA0000000000000000',
  secret_access_key: 's',
} as const;

describe('settings of SNS', () => {
  it('need a region and a key', () => {
    expect(Value.Check(snsKind.body, sns)).toBe(true);
    expect(snsKind.read(sns)).toMatchObject({
      baseUrl: 'https://sns.eu-central-1.amazonaws.com',
      from: null,
      sessionToken: null,
      smsType: 'Transactional',
    });
  });

  it.each([
    ['a region that is none', { region: 'Frankfurt' }],
    ['an access key that is none', { access_key_id: 'AKIA' }],
    ['another kind of traffic', { sms_type: 'urgent' }],
  ])('are refused with %s', (_name, change) => {
    expect(Value.Check(snsKind.body, { ...sns, ...change })).toBe(false);
  });

  it('are refused with a sender that SNS does not have', () => {
    expect(() => snsKind.read({ ...sns, from: 'Tea Shop' })).toThrow('from must be a number');
    expect(() => snsKind.read({ ...sns, from: 'rcs:TeaShop' })).toThrow('from must be a number');
  });

  it('are shown without their secrets', () => {
    const settings = snsKind.read({
      ...sns,
      session_token: 'token',
      sms_type: 'promotional',
      from: 'TeaShop',
    });
    const shown = snsKind.show(settings);
    expect(Value.Check(snsKind.shown, shown)).toBe(true);
    expect(shown).toMatchObject({ from: 'TeaShop', sms_type: 'promotional' });
    expect(JSON.stringify(shown)).not.toContain('token');
  });
});

describe('settings of SMPP', () => {
  it('need an SMSC, credentials and a sender', () => {
    expect(Value.Check(smppKind.body, smpp)).toBe(true);
    expect(smppKind.read(smpp)).toMatchObject({
      port: 2775,
      security: 'none',
      window: 10,
      longMessages: 'parts',
      sourceTon: null,
      destinationTon: 1,
      enquireLinkSeconds: 30,
    });
  });

  it.each([
    ['no window', { window: 0 }],
    ['a sender that the protocol has no room for', { from: 'a'.repeat(21) }],
    ['a sender of other letters', { from: 'Чай' }],
    ['a type of number that is no byte', { source_ton: 256 }],
    ['another way for long messages', { long_messages: 'cut' }],
  ])('are refused with %s', (_name, change) => {
    expect(Value.Check(smppKind.body, { ...smpp, ...change })).toBe(false);
  });

  it('are shown without the password', () => {
    const settings = smppKind.read({ ...smpp, validity_minutes: 60, source_ton: 5 });
    const shown = smppKind.show(settings);
    expect(Value.Check(smppKind.shown, shown)).toBe(true);
    expect(shown).toMatchObject({ host: 'smsc.example', validity_minutes: 60, source_ton: 5 });
    expect(Object.keys(shown)).not.toContain('password');
  });
});
