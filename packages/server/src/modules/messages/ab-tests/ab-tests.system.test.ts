import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { CreateAbTestBody, FilterEntry } from '@carillon/wire';
import { connectHints } from '../../../platform/database/hints.ts';
import type { Hints } from '../../../platform/database/hints.ts';
import { Partitions } from '../../../platform/database/partitions.ts';
import { LANES, newId } from '../../../platform/ids.ts';
import { createLog } from '../../../platform/log.ts';
import { COUNTRIES, LANGUAGES, TAG_KEYS, TAG_VALUES, populate } from '../../../fixtures/population.ts';
import { readFacts } from '../../../fixtures/read-facts-store.ts';
import { isInAudience, parseFilters } from '../../audience/index.ts';
import { Identity } from '../../identity/index.ts';
import { cancelMessage } from '../message-store.ts';
import type { Deliverer } from '../send/deliverer.ts';
import { composeSendingProcess } from '../sending-process.ts';
import { createRecorder } from '../events/record-delivery-events.ts';
import { statement } from '../../../platform/database/database.ts';

const PEOPLE = 60;
const HOUR = 3_600_000;
const clock = new FakeClock();
const app = newId();
const handed: { readonly messageId: string; readonly subscriptionId: string }[] = [];
const stops: (() => Promise<void>)[] = [];
let db: TestDatabase;
let hints: Hints;
let identity: Identity;

const SENT = statement(
  'test.sent',
  `select lane, message_id as "messageId", subscription_id as "subscriptionId" from deliveries where message_id = $1`,
);
const OWNERS = statement(
  'test.owners',
  'select id, user_id as "userId" from subscriptions where app_id = $1',
);
const READY = statement(
  'test.ready',
  `select count(*)::int as count from message_chunks where message_id = $1 and due_at > $2`,
);
const MESSAGES = statement('test.messages', 'select count(*)::int as count from messages');

beforeAll(async () => {
  db = await createTestDatabase();
  hints = await connectHints(db.database, createLog({ level: 'silent' }));
  await new Partitions(db.database).ahead(Date.now());
  identity = new Identity({ database: db.database, clock });
  await populate(identity, clock, app, PEOPLE);
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});
afterAll(async () => {
  await hints.end();
  await db.drop();
});

const deliver: Deliverer['deliver'] = async ({ message, recipients }) =>
  recipients.map(({ subscriptionId }) => {
    handed.push({ messageId: message.id, subscriptionId });
    return { state: 'sent', ref: null };
  });

function compose() {
  const { database } = db;
  const partitions = new Partitions(database);
  const place = { database, clock, hints, partitions, identity, deliver };
  return composeSendingProcess({ ...place, leaseMs: 60_000, pageSize: 20 });
}

/** A process that sends, and decides as well unless that is left to others. */
function startProcess({ decides = true } = {}) {
  const process = compose();
  process.sender.start();
  stops.push(() => process.sender.stop());
  if (decides) {
    process.decider.start();
    stops.push(() => process.decider.stop());
  }
  return process;
}

type AbTests = ReturnType<typeof compose>['abTests'];

function bodyOf(more: object = {}): CreateAbTestBody {
  return {
    message: { target_channel: 'email', included_segments: ['All'], email_body: 'Hello' },
    variants: [{ email_subject: 'Hello' }, { email_subject: 'Hi' }],
    sample_percent: 50,
    winner_by: 'clicked',
    winner_after_minutes: 60,
    ...more,
  };
}

const sampleSent = (tests: AbTests, id: string) =>
  until('the sample is sent', async () => {
    const view = await tests.view(app, id);
    return view.variants.every(({ completed }) => completed) && view;
  });

const inState = (tests: AbTests, id: string, state: string) =>
  until(`the test is ${state}`, async () => {
    const view = await tests.view(app, id);
    return view.state === state && view;
  });

async function clickIn(messageId: string): Promise<number> {
  const { database } = db;
  const record = createRecorder({
    database,
    clock,
    partitions: new Partitions(database),
    onNews: () => undefined,
  });
  const sent = await database.rows<{ lane: number; messageId: string; subscriptionId: string }>(SENT, [
    messageId,
  ]);
  await record(sent.map((one) => ({ ...one, id: newId(), kind: 'clicked' as const, at: clock.now() })));
  return sent.length;
}

function recipientsOf(messageIds: readonly string[]): string[] {
  return handed
    .filter(({ messageId }) => messageIds.includes(messageId))
    .map(({ subscriptionId }) => subscriptionId)
    .toSorted();
}

async function reachableWhere(filters: readonly FilterEntry[]): Promise<string[]> {
  const audience = { include: parseFilters(filters), exclude: [], only: [] };
  return (await readFacts(db.database, app))
    .filter(({ facts, reachable }) => reachable && facts.channel === 'email')
    .filter(({ facts }) => isInAudience(audience, facts, clock.now()))
    .map(({ facts }) => facts.subscriptionId)
    .toSorted();
}

const filter = fc.oneof(
  fc.record({
    field: fc.constant('tag'),
    key: fc.constantFrom(...TAG_KEYS),
    relation: fc.constantFrom('=', '!='),
    value: fc.constantFrom(...TAG_VALUES),
  }),
  fc.record({
    field: fc.constant('language'),
    relation: fc.constantFrom('=', '!='),
    value: fc.constantFrom(...LANGUAGES),
  }),
  fc.record({
    field: fc.constant('country'),
    relation: fc.constantFrom('=', '!='),
    value: fc.constantFrom(...COUNTRIES),
  }),
);
const filters = fc
  .array(filter, { minLength: 1, maxLength: 3 })
  .chain((some) => fc.boolean().map((or) => some.flatMap((one) => (or ? [{ operator: 'OR' }, one] : [one]))))
  .map((some) => ('operator' in (some[0] ?? {}) ? some.slice(1) : some) as FilterEntry[]);

describe('an A/B test', () => {
  it('reaches everybody in its audience with one variant, and nobody with two', async () => {
    const { abTests } = startProcess();
    await fc.assert(
      fc.asyncProperty(
        filters,
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 4 }),
        async (asked, sample_percent, shares) => {
          const message = { target_channel: 'email', filters: asked, email_body: 'Hello' };
          const variants = shares.map((share, n) => ({ share, email_subject: `Hello ${n}` }));
          const { answer } = await abTests.create(app, bodyOf({ message, variants, sample_percent }));
          await sampleSent(abTests, answer.id);
          await clock.advance(HOUR);
          const { variants: tried, rest } = await inState(abTests, answer.id, 'finished');
          expect(rest === null).toBe(sample_percent === 100);
          const ids = [...tried, ...(rest === null ? [] : [rest])].map(({ message_id }) => message_id);
          const meant = await reachableWhere(asked);
          expect(recipientsOf(ids)).toEqual(meant);
          const counted = [...tried, ...(rest === null ? [] : [rest])];
          expect(counted.reduce((sum, { successful }) => sum + successful, 0)).toBe(meant.length);
        },
      ),
      { numRuns: 12 },
    );
  }, 120_000);

  it('is decided once by many processes, when it is due and not before', async () => {
    const { abTests } = startProcess({ decides: false });
    const { answer } = await abTests.create(app, bodyOf());
    const { variants } = await sampleSent(abTests, answer.id);
    const clicks = await clickIn(variants[1]?.message_id ?? '');
    const deciders = Array.from({ length: 4 }, () => compose().decider);
    for (const decider of deciders) {
      decider.start();
      stops.push(() => decider.stop());
    }
    await clock.advance(HOUR - 1);
    expect(await abTests.view(app, answer.id)).toMatchObject({ state: 'testing', rest: null });
    await clock.advance(1);
    const view = await inState(abTests, answer.id, 'finished');
    expect(view).toMatchObject({ winner: 'B', winner_reason: 'metric' });
    expect(view.variants[1]).toMatchObject({ clicked: clicks, successful: clicks });
    await Promise.all(stops.splice(0).map((stop) => stop()));
    const everybody = await reachableWhere([{ field: 'tag', key: 'none', relation: 'not_exists' }]);
    const ids = [...variants, view.rest].flatMap((one) => one?.message_id ?? []);
    expect(recipientsOf(ids)).toEqual(everybody);
  });

  it('is decided by whoever starts after its time, and takes the content as it was', async () => {
    const first = startProcess();
    const { answer } = await first.abTests.create(app, bodyOf({ winner_by: 'opened' }));
    await sampleSent(first.abTests, answer.id);
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await clock.advance(3 * HOUR);
    expect(await first.abTests.view(app, answer.id)).toMatchObject({ state: 'testing' });
    const second = startProcess();
    const view = await inState(second.abTests, answer.id, 'finished');
    expect(view).toMatchObject({ winner: 'A', winner_reason: 'no_data' });
    expect(view.rest?.successful).toBeGreaterThan(0);
  });

  it('does not let a variant win that was cancelled, and ends where each was', async () => {
    const { abTests } = startProcess({ decides: false });
    const soon = new Date(clock.now() + HOUR).toISOString();
    const message = { ...bodyOf().message, send_after: soon };
    const tests = [
      await abTests.create(app, bodyOf({ message })),
      await abTests.create(app, bodyOf({ message })),
    ];
    const [one, all] = tests.map(({ answer }) => answer);
    const gone = [one?.variants[0], ...(all?.variants ?? [])].map((variant) => variant?.message_id ?? '');
    for (const id of gone) await cancelMessage(db.database, app, id, clock.now());
    startProcess();
    await clock.advance(2 * HOUR);
    expect(await inState(abTests, one?.id ?? '', 'finished')).toMatchObject({ winner: 'B' });
    expect(await inState(abTests, all?.id ?? '', 'cancelled')).toMatchObject({ winner: null, rest: null });
  });

  it('that is chosen by hand before it is due goes to the rest when it is due', async () => {
    const { abTests } = startProcess();
    const message = { ...bodyOf().message, send_after: new Date(clock.now() + HOUR).toISOString() };
    const hand = { winner_by: 'hand', winner_after_minutes: null, message };
    const { answer } = await abTests.create(app, bodyOf(hand));
    const { rest } = await abTests.choose(app, answer.id, 'B');
    expect(rest).toMatchObject({ completed: false, successful: 0 });
    const waiting = await db.database.rows(READY, [rest?.message_id, new Date(clock.now())]);
    expect(waiting).toEqual([{ count: LANES }]);
    await clock.advance(HOUR);
    expect((await inState(abTests, answer.id, 'finished')).rest?.successful).toBeGreaterThan(0);
  });

  it('holds the same users out of all its messages', async () => {
    const { abTests } = startProcess();
    const message = { ...bodyOf().message, hold_out_percent: 50 };
    const { answer } = await abTests.create(app, bodyOf({ message }));
    await sampleSent(abTests, answer.id);
    await clock.advance(HOUR);
    const { variants, rest } = await inState(abTests, answer.id, 'finished');
    const all = [...variants, ...(rest === null ? [] : [rest])];
    const sum = (of: 'successful' | 'held_out') => all.reduce((so, one) => so + one[of], 0);
    const got = recipientsOf(all.map(({ message_id }) => message_id));
    const owners = await db.database.rows<{ id: string; userId: string }>(OWNERS, [app]);
    const usersOf = (ids: ReadonlySet<string>) =>
      owners.filter(({ id }) => ids.has(id)).map(({ userId }) => userId);
    const reachable = await reachableWhere([{ field: 'tag', key: 'none', relation: 'not_exists' }]);
    const heldOut = new Set(usersOf(new Set(reachable.filter((id) => !got.includes(id)))));
    expect(sum('held_out')).toBe(reachable.length - got.length);
    expect(sum('held_out')).toBeGreaterThan(0);
    expect(usersOf(new Set(got)).filter((user) => heldOut.has(user))).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ['named people', { message: { email_to: ['a@b.example'] } }, /^message must be for an audience/],
    ['a message without an audience', { message: {} }, /^You must include which players/],
    [
      'a bad field of the message',
      { message: { included_segments: ['All'], hold_out_percent: 200 } },
      /^message\.hold_out_percent must be/,
    ],
    [
      'a key inside of the message',
      { message: { included_segments: ['All'], idempotency_key: newId() } },
      /^message\.idempotency_key is of the whole test/,
    ],
    [
      'a variant that says nothing',
      { variants: [{ email_subject: 'A' }, {}] },
      /^variants\[1\]\.email_subject is required/,
    ],
    ['one name twice', { variants: [{ name: 'B' }, {}] }, /^variants\[1\]\.name must be another one/],
    ['an empty sample', { sample_percent: 0 }, /^sample_percent must be a number from 0.01 to 100/],
    ['a sample without parts for each', { sample_percent: 0.01 }, /^sample_percent is too small/],
    ['no time', { winner_after_minutes: null }, /^winner_after_minutes is required with winner_by "clicked"/],
    ['a time where a hand decides', { winner_by: 'hand' }, /^winner_after_minutes cannot be combined/],
    [
      'segments of nobody',
      { message: { included_segments: ['None such'], target_channel: 'email', email_body: 'x' } },
      /^message is for nobody/,
    ],
    [
      'clicks where none are counted',
      { message: { ...bodyOf().message, disable_email_click_tracking: true } },
      /^winner_by cannot be clicked, because variants\[0\]/,
    ],
    [
      'opens of push',
      {
        winner_by: 'opened',
        message: { included_segments: ['All'], contents: { en: 'x' } },
        variants: [{}, {}],
      },
      /^winner_by cannot be opened for push/,
    ],
    [
      'an end before the winner is known',
      {
        message: {
          ...bodyOf().message,
          send_after: '2027-01-01T00:00:00Z',
          expires_at: '2027-01-02T00:00:00Z',
        },
        winner_after_minutes: 43_200,
      },
      /^message\.expires_at must be after the winner is known/,
    ],
  ])('refuses %s, and makes nothing', async (_, more, complaint) => {
    const { abTests } = compose();
    const before = await db.database.rows(MESSAGES);
    await expect(abTests.create(app, bodyOf(more))).rejects.toThrow(complaint);
    expect(await db.database.rows(MESSAGES)).toEqual(before);
    expect(
      (await abTests.page(app, undefined, 50)).ab_tests.every(({ variants }) => variants.length > 1),
    ).toBe(true);
  });
});
