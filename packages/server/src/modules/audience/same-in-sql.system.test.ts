import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { LANES, newId } from '../../platform/ids.ts';
import { Identity } from '../identity/index.ts';
import { readAudience } from './audience-page-store.ts';
import type { PageLimits } from './audience-page-store.ts';
import { AudienceCounter } from './audience-counter.ts';
import type { Audience, Condition } from './condition.ts';
import { emailOf, populate, COUNTRIES, LANGUAGES, PUSH_TYPES, SKUS } from '../../fixtures/population.ts';
import { TAG_KEYS, TAG_VALUES, VERSIONS } from '../../fixtures/population.ts';
import { readFacts } from '../../fixtures/read-facts-store.ts';
import type { KnownSubscription } from '../../fixtures/read-facts-store.ts';
import { isInAudience } from './matches.ts';

const PEOPLE = 60;
const clock = new FakeClock();
const appId = newId();
let db: TestDatabase;
let everybody: readonly KnownSubscription[];

beforeAll(async () => {
  db = await createTestDatabase();
  const identity = new Identity({ database: db.database, clock });
  await populate(identity, clock, appId, PEOPLE);
  // Of another app, and like them.
  await populate(identity, new FakeClock(), newId(), 5);
  everybody = await readFacts(db.database, appId);
});
afterAll(() => db.drop());

const not = fc.boolean();
const key = fc.constantFrom(...TAG_KEYS, 'nobody has it');
const value = fc.constantFrom('0', '1', '2', '9.99', '9.990', '10', '-3.5', '9007199254740992', '100');
const order = fc.constantFrom('>', '<');
const relation = fc.constantFrom('>', '<', '=', '!=');
const k = <Kind extends string>(kind: Kind) => fc.constant(kind);

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: k('tag'),
    key,
    values: fc.array(fc.constantFrom(...TAG_VALUES), { minLength: 1, maxLength: 3 }),
    not,
  }),
  fc.record({ kind: k('tag-exists'), key, not }),
  fc.record({ kind: k('tag-number'), key, relation: order, value }),
  fc.record({
    kind: k('tag-elapsed'),
    key,
    relation: order,
    seconds: fc.constantFrom('0', '86399.5', '86400', '86401', '-86400', '-100000', '100000'),
  }),
  fc.record({ kind: k('property'), property: k('language'), value: oneOrNone(LANGUAGES), not }),
  fc.record({ kind: k('property'), property: k('country'), value: oneOrNone(COUNTRIES), not }),
  fc.record({
    kind: k('session'),
    session: fc.constantFrom('first', 'last'),
    relation: order,
    hours: fc.oneof(fc.nat({ max: 700 }), fc.constantFrom(0.5, 1.1, 168)),
  }),
  fc.record({
    kind: k('number'),
    of: fc.constantFrom('session_count', 'session_time', 'amount_spent'),
    relation,
    value,
  }),
  fc.record({ kind: k('bought'), sku: fc.constantFrom(...SKUS, 'nothing'), relation, value }),
  fc.record({ kind: k('app-version'), relation, value: fc.constantFrom(...VERSIONS, '1.2', '2.10.0') }),
  fc.record({
    kind: k('near'),
    lat: fc.double({ min: -90, max: 90, noNaN: true }),
    long: fc.double({ min: -180, max: 180, noNaN: true }),
    radius: fc.double({ min: 1, max: 2e7, noNaN: true }),
  }),
  fc.record({ kind: k('email'), email: fc.nat({ max: PEOPLE }).map((n) => emailOf(n)), not }),
  fc.record({
    kind: k('type'),
    types: fc.subarray([...PUSH_TYPES, 'Email'], { minLength: 1 }),
    not,
  }),
  fc.record({ kind: k('test-user'), not }),
  fc
    .record({ salt: fc.constantFrom('a', 'Ä b'), from: fc.nat({ max: 9_999 }), size: fc.nat({ max: 9_999 }) })
    .map(({ salt, from, size }) => ({
      kind: 'slice' as const,
      salt,
      from,
      to: Math.min(10_000, from + size),
    })),
);

function oneOrNone<Value>(values: readonly Value[]) {
  return fc.option(fc.constantFrom(...values), { nil: null });
}

const expression = fc.array(fc.array(condition, { maxLength: 3 }), { maxLength: 3 });
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
    const parts = await readAudience(db.database, asked, pages, limits, clock.now());
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

describe('an audience', () => {
  it('is in PostgreSQL whom it is in memory, however small the pages', async () => {
    const limits = fc.record({
      recipients: fc.integer({ min: 1, max: 4 }),
      lookedAt: fc.integer({ min: 1, max: 4 }),
    });
    let met = 0;
    await fc.assert(
      fc.asyncProperty(audience, channel, limits, async (asked, on, size) => {
        const expected = inMemory(asked, on);
        met += expected.length > 0 ? 1 : 0;
        expect(await inSql(asked, on, size)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
    // Not only nobody was compared with nobody.
    expect(met).toBeGreaterThan(50);
  });

  it('is the same for every single condition', async () => {
    const limits = { recipients: 10, lookedAt: 10 };
    await fc.assert(
      fc.asyncProperty(condition, channel, async (one, on) => {
        const asked = { include: [[one]], exclude: [], only: [] };
        expect(await inSql(asked, on, limits)).toEqual(inMemory(asked, on));
      }),
      { numRuns: 300 },
    );
  });

  it('is counted as it is read, and so is part of it', async () => {
    const counter = new AudienceCounter(db.database, clock);
    const places = everybody
      .filter((_, n) => n % 2 === 0)
      .map(({ facts: { subscriptionId } }) => ({
        subscriptionId,
        lane: Number.parseInt(subscriptionId.slice(-2), 16),
      }));
    const half = new Set(places.map(({ subscriptionId }) => subscriptionId));
    await fc.assert(
      fc.asyncProperty(audience, channel, async (asked, on) => {
        expect(await counter.count(appId, on, asked)).toBe(inMemory(asked, on).length);
        const both = [...inMemory(asked, 'email'), ...inMemory(asked, 'push')];
        expect(await counter.countAmong(appId, asked, places)).toBe(both.filter((id) => half.has(id)).length);
      }),
      { numRuns: 30 },
    );
    expect(await counter.count(appId, 'email', null)).toBe(
      everybody.filter(({ facts, reachable }) => facts.channel === 'email' && reachable).length,
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
