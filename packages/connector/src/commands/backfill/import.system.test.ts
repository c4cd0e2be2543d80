import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOneSignalFake } from '@carillon/onesignal-fake';
import type { OneSignalFake } from '@carillon/onesignal-fake';
import { afterEach, describe, expect, it } from 'vitest';
import { Opened } from '../../fixtures/opened.ts';
import { onesignal, runSync } from '../../index.ts';
import type { Connector } from '../../index.ts';
import { openSource } from '../../sources/open-source.ts';
import { confirmImport } from './confirm-import.ts';
import { writeImport } from './write-import.ts';

const CUSTOMERS = 60;
const opened = new Opened();
afterEach(() => opened.close());

/** Every twentieth has an alias, for which the import has no column. */
function aliases(row: object): Record<string, string> {
  const id = 'id' in row ? Number(row.id) : 0;
  return id % 20 === 0 ? { crm: `crm-${id}` } : {};
}

async function setUp() {
  const shop = await opened.shop(CUSTOMERS);
  await shop.addOrder(3, 'paid');
  await shop.pool.query('UPDATE customers SET opted_in = false WHERE id % 10 = 0');
  await shop.pool.query('UPDATE customers SET email = NULL WHERE id = 7');
  const fake = await startOneSignalFake({ plan: 'growth' });
  opened.add(() => fake.stop());
  const { url, appId, apiKey } = fake;
  const plain = shop.connector(url);
  const connector: Connector = {
    ...plain,
    target: onesignal({ url, appId, apiKey, plan: 'growth' }),
    users: plain.users === null ? null : { ...plain.users, aliases },
  };
  const folder = join(mkdtempSync(join(tmpdir(), 'carillon-csv-')), 'files');
  opened.add(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
  return { shop, fake, connector, folder };
}

async function write(connector: Connector, folder: string) {
  const source = await openSource(connector);
  try {
    return await writeImport(connector, source, folder, () => undefined);
  } finally {
    await source.close();
  }
}

const sync = (connector: Connector) => runSync(connector, { signal: new AbortController().signal });

/** What somebody does in the dashboard. */
async function importAll({ url }: OneSignalFake, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const answer = await fetch(`${url}/_fake/import`, { method: 'POST', body: readFileSync(path) });
    expect(await answer.json()).toMatchObject({ refused: [] });
  }
}

function peopleOf(fake: OneSignalFake) {
  const people = [...fake.app.people.all()].map((user) => ({
    aliases: Object.fromEntries(user.aliases),
    tags: Object.fromEntries(user.tags),
    properties: user.properties,
    subscriptions: user.subscriptions.map(({ token, enabled }) => `${token} ${enabled}`),
  }));
  return people.toSorted((a, b) => Number(a.aliases['external_id']) - Number(b.aliases['external_id']));
}

/** Requests that write users or subscriptions. */
function writes(fake: OneSignalFake): number {
  const routes = [...fake.requests].filter(
    ([route]) => !route.startsWith('GET ') && /users|subscr/.test(route),
  );
  return routes.reduce((all, [, count]) => all + count, 0);
}

describe('users who are brought over by the import of OneSignal', () => {
  it(
    'end as sync would have left them, with a request for what the files cannot carry',
    { timeout: 60_000 },
    async () => {
      const { fake, connector, folder } = await setUp();
      const written = await write(connector, folder);
      expect(written).toMatchObject({ users: CUSTOMERS, usersWithAliases: 3, rejected: 0, known: 0 });
      await importAll(
        fake,
        written.files.map(({ path }) => path),
      );
      expect(await confirmImport(connector)).toEqual({ users: CUSTOMERS, cameBack: 0 });
      const before = writes(fake);
      await sync(connector);
      expect(writes(fake) - before).toBe(3);
      const imported = peopleOf(fake);
      expect(fake.violations.list()).toEqual([]);

      fake.reset();
      await sync({ ...connector, home: join(folder, 'another-home'), name: `${connector.name}_api` });
      expect(imported).toEqual(peopleOf(fake));
      expect(imported).toHaveLength(CUSTOMERS);
    },
  );

  it(
    'are sent where they changed after the files were written, and not written a second time',
    { timeout: 60_000 },
    async () => {
      const { shop, fake, connector, folder } = await setUp();
      const { files } = await write(connector, folder);
      await shop.pool.query("UPDATE customers SET name = 'Later' WHERE id = 5");
      await importAll(
        fake,
        files.map(({ path }) => path),
      );
      await confirmImport(connector);
      const before = writes(fake);
      await sync(connector);
      expect(writes(fake) - before).toBe(4);
      expect(fake.app.people.find('external_id', '5')?.tags.get('name')).toBe('Later');
      expect(await write(connector, join(folder, 'again'))).toMatchObject({ users: 0, known: CUSTOMERS });
      await expect(confirmImport({ ...connector, home: join(folder, 'elsewhere') })).rejects.toThrow(
        '--confirm-imported',
      );
    },
  );

  it('are never written over files that are there', { timeout: 60_000 }, async () => {
    const { connector, folder } = await setUp();
    await write(connector, folder);
    await expect(write(connector, folder)).rejects.toThrow('--out');
  });
});
