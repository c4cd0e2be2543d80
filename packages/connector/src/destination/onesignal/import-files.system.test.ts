import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOneSignalFake } from '@carillon/onesignal-fake';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { MappedUser } from '../../model/map-user.ts';
import { ImportFileWriter } from './import-files.ts';

const parent = mkdtempSync(join(tmpdir(), 'carillon-import-'));
const fresh = () => mkdtempSync(join(parent, 'files-'));
afterAll(() => rmSync(parent, { recursive: true }));

function user(n: number, changes: Partial<MappedUser> = {}): MappedUser {
  return {
    key: String(n),
    externalId: String(n),
    aliases: {},
    properties: {
      tags: { plan: 'pro', gone: '' },
      language: 'en',
      country: 'NL',
      timezone_id: 'Europe/Amsterdam',
    },
    subscriptions: [{ type: 'Email', token: `u${n}@example.com`, enabled: true }],
    ...changes,
  };
}

describe('files for the import of the dashboard', () => {
  it('bring users over as they are, with a consent for each address', async () => {
    const directory = fresh();
    const fake = await startOneSignalFake();
    const writer = new ImportFileWriter(directory);
    const sms = { type: 'SMS', token: '+15555550100', enabled: false } as const;
    await writer.write(user(1, { subscriptions: [...user(1).subscriptions, sms] }));
    await writer.write(user(2, { subscriptions: [], aliases: { crm: 'c2' } }));
    const { files, users, usersWithAliases } = await writer.close();
    expect({ users, usersWithAliases, rows: files.map(({ rows }) => rows) }).toEqual({
      users: 2,
      usersWithAliases: 1,
      rows: [3],
    });
    const body = readFileSync(files[0]?.path ?? '');
    const answer = await fetch(`${fake.url}/_fake/import`, { method: 'POST', body });
    expect(await answer.json()).toEqual({ created: 2, updated: 1, refused: [] });
    const found = fake.app.people.find('external_id', '1');
    expect(Object.fromEntries(found?.tags ?? [])).toEqual({ plan: 'pro' });
    expect(found?.properties).toEqual({ language: 'en', country: 'NL', timezone_id: 'Europe/Amsterdam' });
    expect(found?.subscriptions.map(({ token, enabled }) => [token, enabled])).toEqual([
      ['u1@example.com', true],
      ['+15555550100', false],
    ]);
    await fake.stop();
  });

  it('are read as they were written, whatever characters tags have', async () => {
    const fake = await startOneSignalFake({ plan: 'enterprise' });
    const words = fc.string({
      unit: fc.constantFrom('"', ',', '\n', '\r', 'é', '{', '\\', 'a'),
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(words, words, { maxKeys: 5 }), async (tags) => {
        fake.reset();
        const writer = new ImportFileWriter(fresh());
        await writer.write(user(1, { properties: { tags } }));
        const { files } = await writer.close();
        const body = readFileSync(files[0]?.path ?? '');
        await fetch(`${fake.url}/_fake/import`, { method: 'POST', body });
        expect(Object.fromEntries(fake.app.people.find('external_id', '1')?.tags ?? [])).toEqual({ ...tags });
      }),
      { numRuns: 40 },
    );
    await fake.stop();
  });

  it('are several, each below the size that may be, and none is written over', async () => {
    const directory = fresh();
    const writer = new ImportFileWriter(directory, { mostBytes: 2000 });
    for (let n = 0; n < 100; n += 1) await writer.write(user(n));
    const { files } = await writer.close();
    expect(files.length).toBeGreaterThan(3);
    for (const { path, bytes } of files) {
      expect(statSync(path).size).toBe(bytes);
      expect(bytes).toBeLessThanOrEqual(2000);
    }
    expect(files.reduce((sum, { rows }) => sum + rows, 0)).toBe(100);
    await expect(new ImportFileWriter(directory).write(user(1))).rejects.toThrow('EEXIST');
  });
});
