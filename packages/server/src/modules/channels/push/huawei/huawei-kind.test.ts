import { describe, expect, it } from 'vitest';
import { huaweiKind } from './huawei-kind.ts';

const given = { kind: 'huawei', app_id: '100000007', client_secret: 'very secret' } as const;

describe('the settings of Huawei Push Kit', () => {
  it('are an app and its secret, and a project where there is one', () => {
    expect(huaweiKind.read(given)).toEqual({
      kind: 'huawei',
      appId: '100000007',
      clientSecret: 'very secret',
      projectId: null,
      address: { kind: 'provider' },
    });
    expect(huaweiKind.read({ ...given, project_id: '42' }).projectId).toBe('42');
  });

  it('are shown without the secret', () => {
    const settings = huaweiKind.read({ ...given, project_id: '42', base_url: 'https://push.example' });
    expect(huaweiKind.show(settings)).toEqual({
      kind: 'huawei',
      app_id: '100000007',
      project_id: '42',
      base_url: 'https://push.example',
    });
    expect(huaweiKind.secrets).toEqual(['clientSecret']);
  });

  it.each(['ftp://push.example', 'https://push.example/v1', 'push.example'])(
    'are refused with the address %s',
    (base_url) => {
      expect(() => huaweiKind.read({ ...given, base_url })).toThrow(/^base_url must be https:\/\/host/);
    },
  );
});
