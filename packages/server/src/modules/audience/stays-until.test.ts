import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from './compile-condition.ts';
import { compileTogether } from './compile-together.ts';
import { hoursInMs } from './compile-time-conditions.ts';
import type { Condition, Expression } from './condition.ts';
import type { Facts } from './facts.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
/** The last date. */
const LATEST_MS = 8.64e15;
const HOUR_MS = 3_600_000;
const ID = '01900000-0000-7000-8000-000000000000';

const hours = fc.oneof(fc.nat({ max: 8 }), fc.constantFrom(0.5, 0.000_001, 1.1));
const relation = fc.constantFrom('>', '<');
const k = <Kind extends string>(kind: Kind) => fc.constant(kind);
const window = {
  relation: fc.constantFrom('>', '<', '=', '!='),
  times: fc.nat({ max: 2 }),
  fromHours: fc.option(hours, { nil: null }),
  toHours: fc.option(hours, { nil: null }),
};

/** All that time can change, and one thing that it cannot. */
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: k('session'), session: fc.constantFrom('first', 'last'), relation, hours }),
  fc.record({ kind: k('created'), relation, hours }),
  fc.record({
    kind: k('tag-elapsed'),
    key: fc.constantFrom('due', 'none'),
    relation,
    seconds: fc.constantFrom('0', '1800', '-1800', '0.0005', '-0.25', '999999999999999999999999'),
  }),
  fc.record({
    kind: k('custom-event'),
    name: fc.constantFrom('order', 'visit'),
    properties: fc.constant([]),
    match: k('all'),
    ...window,
  }),
  fc.record({
    kind: k('message-event'),
    event: k('opened'),
    channel: fc.constant(null),
    messageId: fc.constant(null),
    ...window,
  }),
  fc.record({ kind: k('tag-exists'), key: fc.constantFrom('due', 'none'), not: fc.boolean() }),
  fc.record({
    kind: k('any'),
    of: fc.constant([[{ kind: 'created' as const, relation: '<' as const, hours: 2 }]]),
  }),
);
const expression: fc.Arbitrary<Expression> = fc.array(fc.array(condition, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
});

const before = fc.oneof(fc.integer({ min: -HOUR_MS, max: 8 * HOUR_MS }), fc.nat({ max: 3 }));
const at = before.map((ms) => NOW - ms);
const facts: fc.Arbitrary<Facts> = fc
  .record({
    isAlone: fc.boolean(),
    channel: fc.constantFrom('push' as const, 'email' as const),
    first: at,
    last: at,
    deviceLast: at,
    created: at,
    due: fc.option(
      before.map((ms) => String((NOW - ms) / 1_000)),
      { nil: null },
    ),
    orders: fc.array(at, { maxLength: 3 }),
    opened: fc.array(at, { maxLength: 3 }),
  })
  .map(({ isAlone, channel, first, last, deviceLast, created, due, orders, opened }) => ({
    subscriptionId: isAlone ? null : ID,
    channel: isAlone ? null : channel,
    type: isAlone ? null : 'Email',
    appVersion: null,
    sessionCount: 0,
    sessionTime: 0,
    lastActive: deviceLast,
    createdAt: isAlone ? null : created,
    status: isAlone ? null : 'subscribed',
    isRooted: false,
    user: {
      externalId: null,
      tags: due === null ? {} : { due },
      language: null,
      country: null,
      place: null,
      isTestUser: false,
      sessionCount: 0,
      sessionTime: 0,
      firstActive: first,
      lastActive: last,
      amountSpent: null,
      purchases: [],
      emails: [],
      customEvents: orders.map((happened) => ({ name: 'order', properties: {}, at: happened })),
      messageEvents: opened.map((happened) => ({
        event: 'opened',
        channel: 'email',
        messageId: ID,
        at: happened,
      })),
    },
  }));

describe('how long a condition stays as it is', () => {
  it('is never longer than it does', () => {
    let changed = 0;
    fc.assert(
      fc.property(
        expression,
        facts,
        fc.array(fc.nat({ max: 20 * HOUR_MS }), { maxLength: 5 }),
        (of, about, later) => {
          const { isTrue, staysUntil } = compileExpression(of);
          const until = staysUntil?.(about, NOW) ?? Infinity;
          expect(until).toBeGreaterThan(NOW);
          const present = isTrue(about, NOW);
          const moments = [...later.map((ms) => NOW + ms), until - 1, NOW + 1];
          for (const moment of moments.filter((one) => one < until && Number.isFinite(one))) {
            expect(isTrue(about, moment)).toBe(present);
          }
          if (Number.isFinite(until) && until < LATEST_MS && isTrue(about, until) !== present) changed += 1;
        },
      ),
      { numRuns: 3_000 },
    );
    // Not only that it was cautious.
    expect(changed).toBeGreaterThan(500);
  });

  it('ends at the moment of the change, for each condition alone', () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(condition, facts, (one, about) => {
        const { isTrue, staysUntil } = compileExpression([[one]]);
        const until = staysUntil?.(about, NOW) ?? Infinity;
        fc.pre(until < LATEST_MS);
        expect(isTrue(about, until)).toBe(!isTrue(about, NOW));
      }),
      { numRuns: 3_000 },
    );
  });

  it('is the same for expressions that are asked together, of any subscription', () => {
    let held = 0;
    fc.assert(
      fc.property(
        fc.array(expression, { maxLength: 4 }),
        fc.array(facts, { minLength: 1, maxLength: 3 }),
        (expressions, everyFact) => {
          const { isTrue, until } = compileTogether(expressions)(everyFact, NOW);
          const alone = expressions.map(compileExpression).map((predicate) => {
            const each = everyFact.map((about) => ({
              holds: predicate.isTrue(about, NOW),
              end: predicate.staysUntil?.(about, NOW) ?? Infinity,
            }));
            const holding = each.filter(({ holds }) => holds).map(({ end }) => end);
            held += holding.length;
            if (holding.length > 0) return { holds: 1, end: Math.max(...holding) };
            return { holds: 0, end: Math.min(...each.map(({ end }) => end)) };
          });
          expect([...isTrue]).toEqual(alone.map(({ holds }) => holds));
          expect([...until]).toEqual(alone.map(({ end }) => end));
        },
      ),
      { numRuns: 1_000 },
    );
    expect(held).toBeGreaterThan(500);
  });

  it('is not asked of what time does not change', () => {
    expect(compileExpression([[{ kind: 'tag-exists', key: 'a', not: false }], []]).staysUntil).toBeNull();
  });

  it('is a whole millisecond after an edge in hours that is none', () => {
    expect(hoursInMs(0.000_001)).toBe(4);
  });
});
