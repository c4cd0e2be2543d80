import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { auditedSettings } from '../../provider-accounts/audited-settings.ts';
import { smtpKind } from './smtp-kind.ts';

const pkcs8 = { format: 'pem', type: 'pkcs8' } as const;
const rsaOf = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export(pkcs8).toString().trim();
const key = rsaOf(2_048);

const given = {
  kind: 'smtp',
  host: 'smtp.example.com',
  port: 587,
  security: 'starttls',
  from_address: 'hello@tea.example',
} as const;
const dkim = { domain: 'tea.example', selector: 'c1', private_key: key };

describe('the key that signs mails', () => {
  it('is read as PEM or as its base64', () => {
    const settings = { domain: 'tea.example', selector: 'c1', privateKey: key };
    expect(smtpKind.read({ ...given, dkim }).dkim).toEqual(settings);
    const base64 = Buffer.from(key).toString('base64');
    expect(smtpKind.read({ ...given, dkim: { ...dkim, private_key: base64 } }).dkim).toEqual(settings);
  });

  it('may be absent, as it is in settings of former versions', () => {
    const { dkim: none, ...former } = smtpKind.read(given);
    expect([none, smtpKind.show(former).dkim]).toEqual([null, null]);
  });

  it('is shown as the record to publish, and never itself', () => {
    const shown = smtpKind.show(smtpKind.read({ ...given, dkim }));
    expect(shown.dkim).toEqual({
      domain: 'tea.example',
      selector: 'c1',
      record: {
        name: 'c1._domainkey.tea.example',
        type: 'TXT',
        value: expect.stringMatching(/^v=DKIM1; k=rsa; p=MII[\w+/=]+$/),
      },
    });
    expect(JSON.stringify(shown)).not.toContain('PRIVATE');
  });

  it.each([
    ['no key', 'no key'],
    ['a key that receivers find too short', rsaOf(512)],
    ['a key for something else', generateKeyPairSync('x25519').privateKey.export(pkcs8).toString()],
    [
      'a public key',
      generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    ],
  ])('is not %s', (_, private_key) => {
    expect(() => smtpKind.read({ ...given, dkim: { ...dkim, private_key } })).toThrow(/dkim\.private_key/);
  });

  it('is told in the audit log as being there, and no more', () => {
    const before = { kind: smtpKind, settings: smtpKind.read(given) };
    const after = { kind: smtpKind, settings: smtpKind.read({ ...given, dkim }) };
    const told = auditedSettings(before, after);
    expect([told.before['dkim.private_key'], told.after['dkim.private_key']]).toEqual([null, 'set']);
    expect(JSON.stringify(told)).not.toContain('PRIVATE');
  });
});
