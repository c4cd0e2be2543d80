import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

test.each(['app', 'organization'] as const)(
  'a key of an %s opens it until it is rotated or deleted',
  async (owner) => {
    const { owner: client, server } = stage();
    const keys = owner === 'app' ? client.apiKeys : client.organizations.keys(server.organizationId);
    const made = required(await keys.create({ name: 'Shop' }));
    const views = async (apiKey: string) => (await server.client({ apiKey }).apps.view()).ok;
    expect(await views(made.formatted_token)).toBe(true);
    required(await keys.update(made.token_id, { name: 'Old shop' }));
    expect(required(await keys.list()).tokens).toContainEqual(
      expect.objectContaining({ token_id: made.token_id, name: 'Old shop' }),
    );
    const { formatted_token: rotated } = required(await keys.rotate(made.token_id));
    expect([await views(made.formatted_token), await views(rotated)]).toEqual([false, true]);
    required(await keys.delete(made.token_id));
    expect(await views(rotated)).toBe(false);
  },
);
