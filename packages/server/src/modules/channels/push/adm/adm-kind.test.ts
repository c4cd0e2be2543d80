import { describe, expect, it } from 'vitest';
import { admKind } from './adm-kind.ts';

const given = { kind: 'adm', client_id: 'amzn1.client', client_secret: 'very secret' } as const;

describe('the settings of Amazon Device Messaging', () => {
  it('are a security profile', () => {
    expect(admKind.read(given)).toEqual({
      kind: 'adm',
      clientId: 'amzn1.client',
      clientSecret: 'very secret',
      address: { kind: 'provider' },
    });
  });

  it('are shown without the secret', () => {
    expect(admKind.show(admKind.read({ ...given, base_url: 'https://adm.example' }))).toEqual({
      kind: 'adm',
      client_id: 'amzn1.client',
      base_url: 'https://adm.example',
    });
    expect(admKind.secrets).toEqual(['clientSecret']);
  });

  it('are refused with an address that is none', () => {
    expect(() => admKind.read({ ...given, base_url: 'https://adm.example/x' })).toThrow(/^base_url must be/);
  });
});
