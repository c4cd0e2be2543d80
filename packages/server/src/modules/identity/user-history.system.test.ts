import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UserHistoryPage } from '@carillon/wire';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { Partitions } from '../../platform/database/partitions.ts';
import { appIdAsKey } from '../../platform/http/fixtures/app-id-as-key.ts';
import { createHttpServer } from '../../platform/http/server.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { laneOf, newId, newTimedId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { Identity, identityRoutes } from './index.ts';

const DAY = 86_400_000;
const app = newId();
const otherApp = newId();
const known = newId();
const deleted = newId();
const clock = new FakeClock();
let testDatabase: TestDatabase;
let server: HttpServer;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { database } = testDatabase;
  const identity = new Identity({
    database,
    clock,
    keyNames: async (appId, ids) =>
      new Map(appId === app && ids.includes(known) ? [[known, 'the shop']] : []),
  });
  server = await createHttpServer({
    routes: [identityRoutes(identity)],
    authenticator: appIdAsKey,
    log: createLog({ level: 'silent' }),
    clock,
  });
  const { user } = await identity.upsertUser(app, { identity: { external_id: 'anna' } });
  await identity.upsertUser(app, { identity: { external_id: 'ben' } });
  const id = user.identity['onesignal_id'] ?? '';
  const partitions = new Partitions(database);
  await database.run({ name: '', text: 'delete from user_changes' });
  for (const [n, actor] of [known, deleted, null, known, null].entries()) {
    const at = clock.now() + n * DAY;
    await partitions.need(at);
    await database.run(
      {
        name: '',
        text: `insert into user_changes (lane, user_id, id, day, app_id, action, source, actor, changes, at)
          values ($1, $2, $3, $4, $5, 'updated', 'api', $6, $7, $8)`,
      },
      [
        laneOf(id),
        id,
        newTimedId(at),
        new Date(at).toISOString().slice(0, 10),
        app,
        actor,
        { tags: { n: String(n) } },
        new Date(at),
      ],
    );
  }
});
afterAll(async () => {
  await server.close();
  await testDatabase.drop();
});

async function call(who: string, query = '', of = app) {
  const url = `/apps/${of}/users/by/external_id/${who}/history?${query}`;
  const answer = await server.http.inject({ url, headers: { authorization: `Key ${of}` } });
  return { status: answer.statusCode, body: answer.json<UserHistoryPage & { errors: unknown[] }>() };
}

describe('the history of a user', () => {
  test('tells what was changed, newest first, with the names of the keys that are still there', async () => {
    const { status, body } = await call('anna');
    expect(status).toBe(200);
    expect(body.has_more).toBe(false);
    expect(body.changes.map(({ changes, key }) => [changes, key])).toEqual([
      [{ tags: { n: '4' } }, null],
      [{ tags: { n: '3' } }, { id: known, name: 'the shop' }],
      [{ tags: { n: '2' } }, null],
      [{ tags: { n: '1' } }, { id: deleted, name: null }],
      [{ tags: { n: '0' } }, { id: known, name: 'the shop' }],
    ]);
    expect(body.changes[4]).toEqual({
      id: expect.any(String),
      at: new Date(clock.now()).toISOString(),
      action: 'updated',
      source: 'api',
      key: { id: known, name: 'the shop' },
      changes: { tags: { n: '0' } },
    });
  });

  test('is read page by page', async () => {
    const seen: unknown[] = [];
    for (let query = 'limit=2'; ;) {
      const { body } = await call('anna', query);
      seen.push(...body.changes.map(({ changes }) => (changes['tags'] as { n: string }).n));
      if (!body.has_more) break;
      query = `limit=2&cursor=${body.next_cursor}`;
    }
    expect(seen).toEqual(['4', '3', '2', '1', '0']);
  });

  test('is that of this user: nobody else’s is shown, and no cursor of another fits', async () => {
    expect((await call('ben')).body).toEqual({ changes: [], has_more: false });
    const { next_cursor: cursor } = (await call('anna', 'limit=1')).body;
    expect((await call('ben', `cursor=${cursor}`)).status).toBe(400);
    expect((await call('nobody')).status).toBe(404);
    expect((await call('anna', '', otherApp)).status).toBe(404);
    const url = `/apps/${app}/users/by/external_id/anna/history`;
    expect((await server.http.inject({ url })).statusCode).toBe(401);
  });
});
