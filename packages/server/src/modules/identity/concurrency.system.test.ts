import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { ApiError } from '../../platform/http/api-error.ts';
import { Database } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import { deleteAlias, takeAliases } from './alias-change-store.ts';
import type { FoundUser } from './found-user.ts';
import { Identity } from './index.ts';
import { brokenRules } from './invariants-store.ts';
import { mergeUsers } from './user-merge-store.ts';
import { deleteUser } from './user-store.ts';

const clock = new FakeClock();
const NOTED = { history: { source: 'api', actor: null, changes: {} }, now: clock.now() } as const;

let testDatabase: TestDatabase;
let second: Database;
let processes: Identity[];
const db = () => testDatabase.database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  second = new Database({ url: testDatabase.url, connections: 8, applicationName: 'second process' });
  processes = [testDatabase.database, second].map((database) => new Identity({ database, clock }));
});
afterAll(async () => {
  await second.end();
  await testDatabase.drop();
});

test('two processes that create the same users and fight for the same addresses leave no row too many', async () => {
  const app = newId();
  const random = randomSource(1);
  await crowd(1500, 60, (n) =>
    processes[n % 2]?.upsertUser(app, {
      identity: { external_id: `hot ${random(50)}` },
      properties: { tags: { turn: n } },
      subscriptions: [
        { type: 'Email', token: `hot${random(50)}@example.com` },
        { type: 'SMS', token: `+1555010${1000 + random(50)}` },
      ],
    }),
  );
  expect(await brokenRules(testDatabase.database, app)).toEqual([]);
});

test('users reached by several aliases at once keep one external_id, and conflicts are the only refusals', async () => {
  const app = newId();
  const random = randomSource(2);
  const refused = await crowd(1500, 60, (n) => {
    const external = random(30);
    const identity =
      random(3) === 0
        ? { crm: `crm ${random(40)}` }
        : { external_id: `hot ${external}`, crm: `crm ${random(4) === 0 ? random(40) : external}` };
    return processes[n % 2]?.upsertUser(app, {
      identity,
      subscriptions: [{ type: 'Email', token: `hot${random(30)}@example.com` }],
    });
  });
  expect(refused.every((error) => error instanceof ApiError && error.code === 'user-2')).toBe(true);
  expect(await brokenRules(testDatabase.database, app)).toEqual([]);
});

test('a subscription passed around by its id and by its token at once stays one', async () => {
  const app = newId();
  const [one] = processes;
  const first = await one?.upsertUser(app, {
    identity: { external_id: 'u 0' },
    subscriptions: [{ type: 'Email', token: 'ball@example.com' }],
  });
  const id = first?.user.subscriptions[0]?.id ?? '';
  const random = randomSource(3);
  await crowd(300, 40, (n) =>
    processes[n % 2]?.upsertUser(app, {
      identity: { external_id: `u ${random(20)}` },
      subscriptions: [random(2) === 0 ? { id } : { type: 'Email', token: 'ball@example.com' }],
    }),
  );
  expect(await brokenRules(testDatabase.database, app)).toEqual([]);
  expect((await one?.locateSubscriptions(app, [id]))?.length).toBe(1);
});

test('an alias that led to a user and was given up meanwhile does not lead there again by being taken', async () => {
  const app = newId();
  const [one] = processes as [Identity, Identity];
  const { user } = await one.upsertUser(app, { identity: { external_id: 'anna' } });
  // Ben was looked up, and was renamed by somebody else since.
  const ben = {
    appId: app,
    userId: user.identity['onesignal_id'] ?? '',
    address: { by: 'alias', label: 'external_id', value: 'ben' },
  } as const;
  const history = { source: 'api', actor: null, changes: {} };
  const taking = takeAliases(testDatabase.database, ben, { external_id: 'ben' }, { history, now: 0 });
  await expect(taking).rejects.toMatchObject({ code: '40001' });
});

describe('a user who was looked up by an alias, and was merged into another one since', () => {
  it.each<[string, (gone: FoundUser, other: FoundUser) => Promise<unknown>]>([
    ['is not missed by a merge', (gone, kept) => mergeUsers(db(), { kept, gone, tagLimit: 9 }, NOTED)],
    [
      'is not missed by a merge into it',
      (kept, gone) => mergeUsers(db(), { kept, gone, tagLimit: 9 }, NOTED),
    ],
    ['is not missed when it is deleted', (gone) => deleteUser(db(), gone, { ...NOTED, aliasHash: null })],
    ['is not missed when it loses an alias', (gone) => deleteAlias(db(), gone, 'crm', NOTED)],
    ['is not missed when it takes an alias', (gone) => takeAliases(db(), gone, { crm: '8' }, NOTED)],
  ])('%s: the alias is looked up again', async (_, act) => {
    const app = newId();
    const [one] = processes as [Identity, Identity];
    const idOf = async (identity: Record<string, string>) =>
      (await one.upsertUser(app, { identity })).user.identity['onesignal_id'] ?? '';
    const [gone, kept, other] = [
      await idOf({ crm: '1' }),
      await idOf({ external_id: 'ben' }),
      await idOf({ external_id: 'cleo' }),
    ];
    const byId = (userId: string): FoundUser => ({ appId: app, userId, address: { by: 'id', id: userId } });
    const users = { kept: byId(kept), gone: byId(gone), tagLimit: 9 };
    expect((await mergeUsers(db(), users, NOTED)).outcome).toBe('merged');
    const found: FoundUser = { ...byId(gone), address: { by: 'alias', label: 'crm', value: '1' } };
    await expect(act(found, byId(other))).rejects.toMatchObject({ code: '40001' });
  });
});

/** Runs `count` calls, `wide` at a time, and returns the refusals. Anything but an ApiError fails. */
async function crowd(
  count: number,
  wide: number,
  call: (n: number) => Promise<unknown> | undefined,
): Promise<unknown[]> {
  const refused: unknown[] = [];
  let next = 0;
  const one = async () => {
    while (next < count) {
      next += 1;
      try {
        await call(next);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refused.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: wide }, one));
  return refused;
}

/** The same numbers in every run: 0 to below `bound`. */
function randomSource(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
