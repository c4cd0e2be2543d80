import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { LANES, laneOf, newId } from '../../platform/ids.ts';
import { Identity } from '../identity/index.ts';
import { readAudience } from './audience-page-store.ts';
import type { PageLimits } from './audience-page-store.ts';
import { AudienceCounter } from './audience-counter.ts';
import type { Audience } from './condition.ts';
import { condition, expression, withMessages } from '../../fixtures/any-condition.ts';
import { populate } from '../../fixtures/population.ts';
import { messageEvents } from '../../fixtures/message-events.ts';
import { populateEvents } from '../../fixtures/populate-events.ts';
import { readFacts } from '../../fixtures/read-facts-store.ts';
import type { KnownSubscription } from '../../fixtures/read-facts-store.ts';
import { isInAudience, matches } from './matches.ts';
import { readTruths } from './user-conditions-store.ts';

const PEOPLE = 60;
const clock = new FakeClock();
const appId = newId();
let db: TestDatabase;
let everybody: readonly KnownSubscription[];
let messages: readonly string[];

beforeAll(async () => {
  db = await createTestDatabase();
  const identity = new Identity({ database: db.database, clock });
  await populate(identity, clock, appId, PEOPLE);
  // Of another app, and like them.
  await populate(identity, new FakeClock(), newId(), 5);
  messages = await populateEvents(db.database, appId, await readFacts(db.database, appId), clock.now());
  everybody = await readFacts(db.database, appId);
});
afterAll(() => db.drop());

const named = <Asked>(asked: Asked) => withMessages(asked, messages);
const audience: fc.Arbitrary<Audience> = fc.record({
  include: fc.oneof({ weight: 2, arbitrary: expression }, { weight: 1, arbitrary: fc.constant([[]]) }),
  exclude: fc.oneof(fc.constant([]), expression),
  only: fc.array(condition, { maxLength: 1 }),
});
const channel = fc.constantFrom('email', 'push');

function inMemory(asked: Audience, on: 'email' | 'push'): string[] {
  return everybody
    .filter(({ facts, reachable }) => facts.channel === on && reachable)
    .filter(({ facts }) => isInAudience(asked, facts, clock.now()))
    .map(({ facts }) => facts.subscriptionId);
}

/** All lanes to their ends, page by page. */
async function inSql(asked: Audience, on: 'email' | 'push', limits: PageLimits): Promise<string[]> {
  const found: string[] = [];
  let pages = Array.from({ length: LANES }, (_, lane) => ({
    lane,
    appId,
    channel: on,
    after: null as string | null,
  }));
  while (pages.length > 0) {
    const parts = await readAudience(db.database, asked, pages, limits, { now: clock.now(), messageEvents });
    pages = pages.flatMap((page, n) => {
      const part = parts[n];
      if (part === undefined) return [];
      expect(part.recipients.length).toBeLessThanOrEqual(limits.recipients);
      found.push(...part.recipients.map(({ subscriptionId }) => subscriptionId));
      return part.last ? [] : [{ ...page, after: part.cursor }];
    });
  }
  return found.toSorted();
}

/** On one channel, which is what it is of all of them together. */
async function countOn(counter: AudienceCounter, asked: Audience | null, on: 'email' | 'push') {
  const all = await counter.count(appId, asked);
  expect(await counter.count(appId, asked, { channels: [on] })).toEqual({
    push: 0,
    email: 0,
    sms: 0,
    [on]: all[on],
  });
  return all[on];
}

describe('an audience', () => {
  it('is in PostgreSQL whom it is in memory, however small the pages', async () => {
    const limits = fc.record({
      recipients: fc.integer({ min: 1, max: 4 }),
      lookedAt: fc.integer({ min: 1, max: 4 }),
    });
    let met = 0;
    await fc.assert(
      fc.asyncProperty(audience, channel, limits, async (unnamed, on, size) => {
        const asked = named(unnamed);
        const expected = inMemory(asked, on);
        met += expected.length > 0 ? 1 : 0;
        expect(await inSql(asked, on, size)).toEqual(expected);
      }),
      { numRuns: 400 },
    );
    // Not only nobody was compared with nobody.
    expect(met).toBeGreaterThan(50);
  });

  it('is the same for every single condition', async () => {
    const limits = { recipients: 10, lookedAt: 10 };
    await fc.assert(
      fc.asyncProperty(condition, channel, async (one, on) => {
        const asked = { include: [[named(one)]], exclude: [], only: [] };
        expect(await inSql(asked, on, limits)).toEqual(inMemory(asked, on));
      }),
      { numRuns: 600 },
    );
  });

  it('is counted as it is read, and so is part of it', async () => {
    const counter = new AudienceCounter(db.database, clock, {
      messageEvents,
      segments: async () => new Map(),
    });
    const places = everybody
      .filter((_, n) => n % 2 === 0)
      .map(({ userId, facts: { subscriptionId } }) => ({
        userId,
        subscriptionId,
        lane: Number.parseInt(subscriptionId.slice(-2), 16),
      }));
    const half = new Set(places.map(({ subscriptionId }) => subscriptionId));
    await fc.assert(
      fc.asyncProperty(audience, channel, async (unnamed, on) => {
        const asked = named(unnamed);
        expect(await countOn(counter, asked, on)).toBe(inMemory(asked, on).length);
        const both = [...inMemory(asked, 'email'), ...inMemory(asked, 'push')];
        expect(await counter.countAmong(appId, asked, places)).toBe(both.filter((id) => half.has(id)).length);
      }),
      { numRuns: 150 },
    );
    expect(await countOn(counter, null, 'email')).toBe(
      everybody.filter(({ facts, reachable }) => facts.channel === 'email' && reachable).length,
    );
  });

  it('is told of one user, condition by condition, as it is in memory', async () => {
    const somebody = fc.nat({ max: PEOPLE - 1 }).map((n) => everybody[n % everybody.length]?.userId ?? '');
    const asked = fc.array(condition, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(asked, somebody, async (unnamed, userId) => {
        const conditions = named(unnamed);
        const place = { appId, lane: laneOf(userId), userId };
        const told = await readTruths(db.database, place, conditions, { now: clock.now(), messageEvents });
        const own = everybody.filter((one) => one.userId === userId);
        expect(told.map(({ id, reachable, truths }) => ({ id, reachable, truths }))).toEqual(
          own.map(({ facts, reachable }) => ({
            id: facts.subscriptionId,
            reachable,
            truths: conditions.map((one) => matches([[one]], facts, clock.now())),
          })),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('means what the segment in it means, whichever way it is in it', async () => {
    const id = newId();
    const counter = (meant: Audience['include']) =>
      new AudienceCounter(db.database, clock, {
        messageEvents,
        segments: async () => new Map([[id, meant]]),
      });
    const segment = { kind: 'segment', id } as const;
    await fc.assert(
      fc.asyncProperty(expression, condition, channel, async (unnamed, other, on) => {
        const [meant, beside] = [named(unnamed), named(other)];
        const all = { include: [[segment, beside]], exclude: [], only: [] };
        const both = meant.map((branch) => [...branch, beside]);
        expect(await countOn(counter(meant), all, on)).toBe(
          inMemory({ include: both, exclude: [], only: [] }, on).length,
        );
        const without = { include: [[]], exclude: [[segment]], only: [] };
        expect(await countOn(counter(meant), without, on)).toBe(
          inMemory({ include: [[]], exclude: meant, only: [] }, on).length,
        );
      }),
      { numRuns: 20 },
    );
  });

  it('is divided by slices so that everybody is in one of a salt, in about the part that was asked for', () => {
    const parts = [0, 2_500, 5_000, 7_500].map((from) => {
      const slice = { kind: 'slice', salt: 'a test', from, to: from + 2_500 } as const;
      return inMemory({ include: [[slice]], exclude: [], only: [] }, 'email');
    });
    expect(parts.flat().toSorted()).toEqual(inMemory({ include: [[]], exclude: [], only: [] }, 'email'));
    expect(parts.every(({ length }) => length > 0)).toBe(true);
  });
});
