import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { newId } from '../../../platform/ids.ts';
import type { Expression } from '../../audience/index.ts';
import { BY_SYSTEM, Identity } from '../../identity/index.ts';
import type { Person } from '../../identity/index.ts';
import { LiveApp } from './fixtures/live-app.ts';
import { readMemberships } from './member-store.ts';
import { liveSegmentData } from './personal-data-store.ts';
import { changedUserData } from '../../identity/index.ts';

const GOLD: Expression = [[{ kind: 'tag', key: 'plan', values: ['gold'], not: false }]];
const SILVER: Expression = [[{ kind: 'tag', key: 'plan', values: ['silver'], not: false }]];
const GONE_QUIET: Expression = [[{ kind: 'session', session: 'last', relation: '>', hours: 24 }]];
const HOUR_MS = 3_600_000;

let db: TestDatabase;
const clock = new FakeClock();
let identity: Identity;
const apps: LiveApp[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  identity = new Identity({ database: db.database, clock });
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await db.drop();
});

function newApp(): LiveApp {
  const app = new LiveApp(db, clock);
  apps.push(app);
  return app;
}

async function addUser(app: LiveApp, name: string, plan: string): Promise<string> {
  const { user } = await identity.upsertUser(app.appId, {
    identity: { external_id: name },
    properties: { tags: { plan } },
  });
  return user.identity['onesignal_id'] ?? '';
}

const setPlan = (app: LiveApp, name: string, plan: string) => {
  const address = { by: 'alias', label: 'external_id', value: name } as const;
  return identity.users.update(app.appId, address, { properties: { tags: { plan } } }, BY_SYSTEM);
};

async function countOf(table: string, { appId }: LiveApp): Promise<number> {
  const text = `select count(*)::int as count from ${table} where app_id = $1`;
  const [row] = await db.database.rows<{ count: number }>({ name: '', text }, [appId]);
  return row?.count ?? 0;
}

describe('a watched segment', () => {
  it('costs apps that watch none not a row', async () => {
    const app = newApp();
    await addUser(app, 'ann', 'gold');
    await setPlan(app, 'ann', 'silver');
    expect(await countOf('changed_users', app)).toBe(0);
  });

  it('is filled without telling anybody, and from then on tells who comes and goes', async () => {
    const app = newApp();
    const [ann, ben] = [await addUser(app, 'ann', 'gold'), await addUser(app, 'ben', 'free')];
    const gold = await app.newSegment(GOLD);
    await app.watch([gold]);
    expect(await app.watches.areReady(app.appId, [gold])).toBe(false);
    await app.work();
    expect(await app.watches.areReady(app.appId, [gold])).toBe(true);
    expect(await app.members(gold)).toEqual([ann]);
    expect(await app.told()).toEqual([]);
    await setPlan(app, 'ann', 'free');
    await setPlan(app, 'ben', 'gold');
    await app.work();
    expect(await app.told()).toEqual([
      { userId: ann, news: { entered: [], left: [gold] } },
      { userId: ben, news: { entered: [gold], left: [] } },
    ]);
    expect(await countOf('changed_users', app)).toBe(0);
  });

  it('waits for a write that began before it was watched, and misses nothing of it', async () => {
    const app = newApp();
    const ann = await addUser(app, 'ann', 'free');
    const gold = await app.newSegment(GOLD);
    // A write as identity makes it, whose transaction is still open when the watch is committed.
    await db.database.transaction(async (transaction) => {
      const change = `select change_users($1, $2::jsonb, '[]'::jsonb, 100, $3)`;
      const asked = JSON.stringify([{ n: 0, user_id: ann, tags: { plan: 'gold' } }]);
      await transaction.run({ name: '', text: change }, [app.appId, asked, new Date(clock.now())]);
      await app.watch([gold]);
      await app.work();
      expect(await app.watches.areReady(app.appId, [gold])).toBe(false);
    });
    await app.work();
    expect(await app.members(gold)).toEqual([ann]);
  });

  it('does not wait for a write in another database of the server', async () => {
    const other = await createTestDatabase();
    const app = newApp();
    const ann = await addUser(app, 'ann', 'gold');
    const gold = await app.newSegment(GOLD);
    await other.database.transaction(async (transaction) => {
      await transaction.rows({ name: '', text: 'select pg_current_xact_id()' });
      await app.watch([gold]);
      await app.work();
      expect(await app.watches.areReady(app.appId, [gold])).toBe(true);
    });
    await other.drop();
    expect(await app.members(gold)).toEqual([ann]);
  });

  it('goes on filling where a process that was killed had stopped', async () => {
    const app = newApp();
    for (let n = 0; n < 40; n += 1) await addUser(app, `user-${n}`, n % 2 === 0 ? 'gold' : 'free');
    const gold = await app.newSegment(GOLD);
    await app.watch([gold]);
    for (let batch = 0; batch < 5; batch += 1) await app.workOnce();
    const left = await countOf('segment_walks', app);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(256);
    app.restart();
    await app.work();
    expect(await app.members(gold)).toHaveLength(20);
    expect(await app.told()).toEqual([]);
  });

  it('tells who comes and goes because its filters are others', async () => {
    const app = newApp();
    const [ann, ben] = [await addUser(app, 'ann', 'gold'), await addUser(app, 'ben', 'silver')];
    const segment = await app.newSegment(GOLD);
    await app.watch([segment]);
    await app.work();
    await app.edit(segment, SILVER);
    expect(await app.watches.areReady(app.appId, [segment])).toBe(true);
    await app.work();
    // Whose turn is first is a matter of their ids.
    const told = new Map((await app.told()).map(({ userId, news }) => [userId, news]));
    expect(told).toEqual(
      new Map([
        [ann, { entered: [], left: [segment] }],
        [ben, { entered: [segment], left: [] }],
      ]),
    );
  });

  it('lets somebody in when time has passed, to the millisecond, and not before', async () => {
    const app = newApp();
    const ann = await addUser(app, 'ann', 'gold');
    const quiet = await app.newSegment(GONE_QUIET);
    await app.watch([quiet]);
    await app.work();
    await clock.advance(24 * HOUR_MS);
    await app.work();
    expect(await app.told()).toEqual([]);
    await clock.advance(1);
    await app.work();
    expect(await app.told()).toEqual([{ userId: ann, news: { entered: [quiet], left: [] } }]);
  });

  it('is live until the last watcher goes, and leaves nothing behind then', async () => {
    const app = newApp();
    await addUser(app, 'ann', 'gold');
    const gold = await app.newSegment(GOLD);
    const other = newId();
    await app.watch([gold]);
    await app.watch([gold], other);
    await app.work();
    await app.watch([]);
    await app.work();
    expect(await app.watches.areReady(app.appId, [gold])).toBe(true);
    await app.watch([], other);
    expect(await app.watches.isLive(app.appId, gold)).toBe(false);
    await app.work();
    for (const table of ['segment_state', 'segment_walks', 'live_segments', 'watched_apps']) {
      expect.soft(await countOf(table, app), table).toBe(0);
    }
  });

  it('must be there to be watched', async () => {
    const app = newApp();
    await expect(app.watch([newId()])).rejects.toMatchObject({ code: 'segment-not-found' });
    expect(await countOf('segment_watches', app)).toBe(0);
  });

  it('says of many users at once who is in it', async () => {
    const app = newApp();
    const ids = [await addUser(app, 'ann', 'gold'), await addUser(app, 'ben', 'silver'), newId()];
    const [gold, silver] = [await app.newSegment(GOLD), await app.newSegment(SILVER)];
    await app.watch([gold, silver]);
    await app.work();
    const places = ids.map((userId) => ({ userId, lane: Number.parseInt(userId.slice(-2), 16) }));
    const found = await readMemberships(db.database, app.appId, places, [gold, silver]);
    expect(ids.map((id) => [...(found.get(id) ?? [])])).toEqual([[gold], [silver], []]);
    expect((await readMemberships(db.database, app.appId, places, [silver])).get(ids[0] ?? '')?.size).toBe(0);
  });
});

describe('somebody who is erased', () => {
  it('is told of the segments they are in, and then in none', async () => {
    const app = newApp();
    const userId = await addUser(app, 'ann', 'gold');
    const gold = await app.newSegment(GOLD);
    await app.watch([gold]);
    await app.work();
    const lane = Number.parseInt(userId.slice(-2), 16);
    const person: Person = {
      appId: app.appId,
      users: [{ lane, userId }],
      subscriptions: [],
      aliases: [],
      addresses: [],
    };
    const data = liveSegmentData(db.database);
    const told = [];
    for await (const row of data.exportOf?.(person) ?? []) told.push(row);
    expect(told).toEqual([{ onesignal_id: userId, segments: [gold] }]);
    await identity.users.delete(app.appId, { by: 'alias', label: 'external_id', value: 'ann' }, BY_SYSTEM);
    expect(await countOf('changed_users', app)).toBe(1);
    const deleted = { ...person, deletedAt: new Date(), byUndo: false };
    expect(await changedUserData(db.database).erase([deleted])).toMatchObject([{ rows: 1 }]);
    expect(await data.erase([deleted])).toMatchObject([{ rows: 1 }]);
    expect(await countOf('segment_state', app)).toBe(0);
    await app.work();
    expect(await app.told()).toEqual([]);
  });
});
