import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UserPage } from '@carillon/wire';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { appIdAsKey } from '../../../platform/http/fixtures/app-id-as-key.ts';
import { createHttpServer } from '../../../platform/http/server.ts';
import type { HttpServer } from '../../../platform/http/server.ts';
import { newId } from '../../../platform/ids.ts';
import { createLog } from '../../../platform/log.ts';
import { Identity, identityRoutes } from '../index.ts';

const START = '2026-11-01T12:00:00Z';
const MINUTE = 60_000;
const app = newId();
const otherApp = newId();
const crowdedApp = newId();
let testDatabase: TestDatabase;
let server: HttpServer;
const clock = new FakeClock(START);

/** Name to what is special about it; created in this order, a minute apart. */
const PEOPLE: Readonly<Record<string, object>> = {
  'shop-1': { properties: { tags: { plan: 'gold', vip: '1' }, language: 'pt', country: 'PT' } },
  'shop-2': {
    properties: { tags: { plan: 'silver' }, language: 'en' },
    subscriptions: [{ type: 'Email', token: 'two@example.com' }],
  },
  'shop-10': {
    properties: { tags: { plan: 'gold' }, test_user_name: 'Tester' },
    subscriptions: [{ type: 'SMS', token: '+15550100010' }],
  },
  'Shop-3': { subscriptions: [{ type: 'Email', token: 'three@example.com', enabled: false }] },
  müller: { identity: { crm_id: 'C:17' }, properties: { language: 'de' } },
};

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const identity = new Identity({ database: testDatabase.database, clock });
  for (const [name, { identity: aliases, ...rest }] of Object.entries<{ identity?: object }>(PEOPLE)) {
    await identity.upsertUser(app, { identity: { external_id: name, ...aliases }, ...rest });
    await clock.advance(MINUTE);
  }
  await identity.upsertUser(otherApp, {
    identity: { external_id: 'shop-1' },
    subscriptions: [{ type: 'Email', token: 'two@example.com' }],
  });
  await Promise.all(
    Array.from({ length: 130 }, (_, n) =>
      identity.upsertUser(crowdedApp, { identity: { external_id: `one-of-many-${n}` } }),
    ),
  );
  // As if they had come one by one long ago: more than one page looks at.
  await testDatabase.database.run({
    name: '',
    text: `insert into users (lane, id, app_id, tags, first_active, last_active, updated_at)
      select lane_of(id), id, '${crowdedApp}', jsonb_build_object('n', n::text), at, at, at
      from (select gen_random_uuid() as id, n, timestamptz '2020-01-01' + n * interval '1 second' as at
            from generate_series(1, 10_100) n) x`,
  });
  server = await createHttpServer({
    routes: [identityRoutes(identity)],
    authenticator: appIdAsKey,
    log: createLog({ level: 'silent' }),
    clock,
  });
});
afterAll(async () => {
  await server.close();
  await testDatabase.drop();
});

async function call(query: string, of = app) {
  const url = `/apps/${of}/users?${query}`;
  const answer = await server.http.inject({ url, headers: { authorization: `Key ${of}` } });
  return { status: answer.statusCode, body: answer.json<UserPage & { errors: unknown[] }>() };
}

async function page(query: string, of = app): Promise<UserPage> {
  const { status, body } = await call(query, of);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}

const namesOf = ({ users }: UserPage) => users.map(({ identity }) => identity['external_id']);
const found = async (query: string) => namesOf(await page(query));

/** Every page until the last, as a reader does it. */
async function everything(query: string, of = app): Promise<UserPage[]> {
  const pages: UserPage[] = [];
  for (let cursor = ''; ; cursor = `&cursor=${pages.at(-1)?.next_cursor}`) {
    const next = await page(query + cursor, of);
    pages.push(next);
    if (!next.has_more) return pages;
  }
}

describe('a list of users', () => {
  test('shows whole users, newest first, and nobody of another app', async () => {
    expect(await found('')).toEqual(['müller', 'Shop-3', 'shop-10', 'shop-2', 'shop-1']);
    const { users } = await page('external_id=shop-2');
    expect(users).toEqual([
      {
        identity: { onesignal_id: expect.any(String), external_id: 'shop-2' },
        properties: {
          tags: { plan: 'silver' },
          language: 'en',
          first_active: Date.parse(START) / 1000 + 60,
          last_active: Date.parse(START) / 1000 + 60,
        },
        subscriptions: [expect.objectContaining({ type: 'Email', token: 'two@example.com', app_id: app })],
      },
    ]);
  });

  test('is read page by page, everybody once, also where many came in the same millisecond', async () => {
    const pages = await everything('limit=2');
    expect(pages.map((one) => one.users.length)).toEqual([2, 2, 1]);
    expect(pages.flatMap(namesOf)).toEqual(['müller', 'Shop-3', 'shop-10', 'shop-2', 'shop-1']);

    const crowd = (await everything('limit=50&created_after=2026-01-01', crowdedApp)).flatMap(namesOf);
    expect(crowd).toHaveLength(130);
    expect(new Set(crowd).size).toBe(130);
  });

  test('ends a page after so many looked at, and goes on from there', async () => {
    const pages = await everything('tag=n%3D7', crowdedApp);
    expect(pages.map((one) => one.users.map(({ properties }) => properties.tags))).toEqual([
      [],
      [{ n: '7' }],
    ]);
    expect(pages[0]?.has_more).toBe(true);
  });

  test('without a key is refused', async () => {
    expect((await server.http.inject({ url: `/apps/${app}/users` })).statusCode).toBe(401);
  });
});

describe('a search of users', () => {
  test.each([
    ['external_id=shop-1', ['shop-1']],
    ['external_id=shop', []],
    ['external_id_prefix=shop-', ['shop-1', 'shop-10', 'shop-2']],
    ['external_id_prefix=m%C3%BC', ['müller']],
    ['external_id_prefix=%25', []],
    ['alias=crm_id:C:17', ['müller']],
    ['alias=crm_id:C:18', []],
    ['email=Two@example.com', ['shop-2']],
    ['phone_number=%2B1%20555%200100010', ['shop-10']],
    ['tag=plan', ['shop-10', 'shop-2', 'shop-1']],
    ['tag=plan%3Dgold', ['shop-10', 'shop-1']],
    ['tag=plan%3Dgold&tag=vip', ['shop-1']],
    ['tag=plan%3Dgold&tag=vip%3D0', []],
    ['language=DE', ['müller']],
    ['country=PT&language=pt', ['shop-1']],
    ['test_users=true', ['shop-10']],
    ['subscribed_to=email', ['shop-2']],
    ['subscribed_to=sms', ['shop-10']],
    ['created_after=2026-11-01T12:00:00Z&created_before=2026-11-01T12:03:00Z', ['shop-10', 'shop-2']],
    ['last_active_after=2026-11-01T12:02:00Z', ['müller', 'Shop-3']],
    ['last_active_before=1793534460', ['shop-1']],
    ['external_id=shop-2&tag=plan%3Dgold', []],
    ['external_id=shop-2&email=two@example.com&tag=plan', ['shop-2']],
    ['external_id=shop-1&email=two@example.com', []],
    ['external_id=shop-2&external_id_prefix=shop-1', []],
    ['external_id_prefix=shop-&tag=plan%3Dgold', ['shop-1', 'shop-10']],
  ])('%s', async (query, names) => {
    const result = await page(query);
    expect(namesOf(result)).toEqual(names);
    expect(result.has_more).toBe(false);
  });

  test('by a prefix is read page by page in the order of the external ids', async () => {
    const pages = await everything('external_id_prefix=shop-&limit=1');
    expect(pages.flatMap(namesOf)).toEqual(['shop-1', 'shop-10', 'shop-2']);
  });

  test.each([
    ['limit=301', /^limit must be at most 300$/],
    ['limit=0', /^limit must be at least 1$/],
    ['name=x', /^name is not known here: remove it$/],
    ['test_users=perhaps', /^test_users must be a boolean, not a string$/],
    ['subscribed_to=fax', /^subscribed_to must be one of email, sms, push$/],
    ['email=two', /^email of type Email must be an email address such as name@example.com/],
    ['cursor=abc', /^cursor must be the next_cursor of an earlier page/],
  ])('with %s is refused by name', async (query, title) => {
    const { status, body } = await call(query);
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ code: expect.any(String), title: expect.stringMatching(title) }]);
  });

  test('takes no cursor of other filters or of another app', async () => {
    const { next_cursor: cursor } = await page('limit=1&tag=plan');
    expect((await call(`limit=3&tag=plan&cursor=${cursor}`)).status).toBe(200);
    expect((await call(`limit=1&tag=vip&cursor=${cursor}`)).status).toBe(400);
    expect((await call(`limit=1&tag=plan&cursor=${cursor}`, otherApp)).status).toBe(400);
  });
});
