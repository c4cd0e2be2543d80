import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { messageEvents } from '../../fixtures/message-events.ts';
import { newId } from '../../platform/ids.ts';
import { AudienceCounter } from '../audience/index.ts';
import type { Expression } from '../audience/index.ts';
import { BY_SYSTEM, Identity } from '../identity/index.ts';
import { LiveApp } from './live/fixtures/live-app.ts';
import { SegmentMembers } from './segment-members.ts';
import { Segments } from './segments.ts';

const GOLD: Expression = [[{ kind: 'tag', key: 'plan', values: ['gold'], not: false }]];
const NEVER_ORDERED: Expression = [
  [
    {
      kind: 'custom-event',
      name: 'order',
      properties: [],
      match: 'all',
      relation: '=',
      times: 0,
      fromHours: null,
      toHours: null,
    },
    ...(GOLD[0] ?? []),
  ],
];
const ON_A_PHONE: Expression = [[{ kind: 'type', types: ['AndroidPush'], not: false }]];

const clock = new FakeClock();
let db: TestDatabase;
let app: LiveApp;
let identity: Identity;

beforeAll(async () => {
  db = await createTestDatabase();
  identity = new Identity({ database: db.database, clock });
  app = new LiveApp(db, clock);
  for (let n = 0; n < 40; n += 1) {
    await identity.upsertUser(app.appId, {
      identity: { external_id: `user-${n}` },
      properties: { tags: { plan: n % 2 === 0 ? 'gold' : 'free' } },
      subscriptions:
        n % 3 === 0
          ? []
          : [
              { type: 'Email', token: `user-${n}@example.com` },
              { type: 'AndroidPush', token: `phone-${n}`, enabled: n % 5 !== 0 },
            ],
    });
  }
});
afterAll(async () => {
  await app.close();
  await db.drop();
});

/** Pages of `limit`, that look at as many users as `lookedAt` allows; all of them, one after the other. */
async function allPages(segmentId: string, limit: number, lookedAt = 1_000_000) {
  const members = new SegmentMembers(
    {
      database: db.database,
      clock,
      segments: new Segments({ database: db.database, clock }),
      counter: new AudienceCounter(db.database, clock, { messageEvents, segments: async () => new Map() }),
      messageEvents,
    },
    lookedAt,
  );
  const names: (string | null)[] = [];
  const live = new Set<boolean>();
  for (let cursor: string | undefined; ;) {
    const page = await members.page(app.appId, segmentId, { limit, ...(cursor !== undefined && { cursor }) });
    expect(page.members.length).toBeLessThanOrEqual(limit);
    names.push(...page.members.map(({ externalId }) => externalId));
    live.add(page.isLive);
    if (page.next === null) return { names, live: [...live] };
    cursor = page.next;
  }
}

const named = (has: (n: number) => boolean) =>
  Array.from({ length: 40 }, (_, n) => n)
    .filter(has)
    .map((n) => `user-${n}`)
    .toSorted();

it.each([
  ['a tag', GOLD, (n: number) => n % 2 === 0],
  ['no event and a tag', NEVER_ORDERED, (n: number) => n % 2 === 0],
  ['a device, on or off', ON_A_PHONE, (n: number) => n % 3 !== 0],
])('lists each user once, whatever the size of pages: %s', async (_, conditions, has) => {
  const segment = await app.newSegment(conditions);
  const whole = await allPages(segment, 1_000);
  expect(whole).toEqual({ names: expect.anything(), live: [false] });
  expect(whole.names.map(String).toSorted()).toEqual(named(has));
  for (const [limit, lookedAt] of [
    [1, 1_000_000],
    [7, 1_000_000],
    [3, 1],
  ] as const) {
    expect((await allPages(segment, limit, lookedAt)).names).toEqual(whole.names);
  }
});

it('lists what is kept of a live one, in the same order, and says so', async () => {
  const segment = await app.newSegment(GOLD);
  const asked = await allPages(segment, 3);
  await app.watch([segment]);
  expect((await allPages(segment, 3)).live).toEqual([false]);
  await app.work();
  expect(await allPages(segment, 3)).toEqual({ names: asked.names, live: [true] });
  expect((await allPages(segment, 3, 1)).names).toEqual(asked.names);
  // A change that was not looked at yet is not in what is kept.
  const address = { by: 'alias', label: 'external_id', value: 'user-1' } as const;
  await identity.users.update(app.appId, address, { properties: { tags: { plan: 'gold' } } }, BY_SYSTEM);
  expect((await allPages(segment, 100)).names).not.toContain('user-1');
  await app.work();
  expect((await allPages(segment, 100)).names).toContain('user-1');
  await app.watch([]);
  expect(await allPages(segment, 100)).toEqual({
    names: expect.arrayContaining(['user-1']),
    live: [false],
  });
});

it('has no cursor of another segment, nor members of none', async () => {
  const [one, other] = [await app.newSegment(GOLD), await app.newSegment(GOLD)];
  const members = new SegmentMembers({
    database: db.database,
    clock,
    segments: new Segments({ database: db.database, clock }),
    counter: new AudienceCounter(db.database, clock, { messageEvents, segments: async () => new Map() }),
    messageEvents,
  });
  const { next } = await members.page(app.appId, one, { limit: 1 });
  await expect(members.page(app.appId, other, { cursor: next ?? '' })).rejects.toMatchObject({
    code: 'cursor-invalid',
  });
  await expect(members.page(app.appId, newId(), {})).rejects.toMatchObject({ code: 'segment-not-found' });
  await expect(members.page(newId(), one, {})).rejects.toMatchObject({ code: 'segment-not-found' });
});
