import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { FilterEntry } from '@carillon/wire';
import { statement } from '../../platform/database/database.ts';
import { connectHints } from '../../platform/database/hints.ts';
import type { Hints } from '../../platform/database/hints.ts';
import { Partitions } from '../../platform/database/partitions.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { COUNTRIES, LANGUAGES, TAG_KEYS, TAG_VALUES } from '../../fixtures/population.ts';
import { emailOf, nameOf, populate } from '../../fixtures/population.ts';
import { readFacts } from '../../fixtures/read-facts-store.ts';
import type { KnownSubscription } from '../../fixtures/read-facts-store.ts';
import { Identity } from '../identity/index.ts';
import { parseMessage } from './create/parse-message.ts';
import { MessageViews } from './index.ts';
import type { Deliverer, Sender } from './index.ts';
import { composeSendingProcess } from './sending-process.ts';

const PEOPLE = 40;
const clock = new FakeClock();
const appId = newId();
const senders: Sender[] = [];
let db: TestDatabase;
let hints: Hints;
let identity: Identity;
let views: MessageViews;
let everybody: readonly KnownSubscription[];

beforeAll(async () => {
  db = await createTestDatabase();
  hints = await connectHints(db.database, createLog({ level: 'silent' }));
  // The feed's day is that of the database, whatever the clock of the test says.
  await new Partitions(db.database).ahead(Date.now());
  identity = new Identity({ database: db.database, clock });
  views = new MessageViews(db.database, async () => []);
  await populate(identity, clock, appId, PEOPLE);
  everybody = (await readFacts(db.database, appId)).filter(({ facts }) => facts.channel === 'email');
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.stop()));
});
afterAll(async () => {
  await hints.end();
  await db.drop();
});

/** A process that writes down what it hands over; pages are tiny, and few subscriptions are looked at for one. */
function startProcess(more: { deliver?: Deliverer['deliver']; leaseMs?: number; lookedAt?: number } = {}) {
  const handed = new Map<string, string[]>();
  const writeDown: Deliverer['deliver'] = async ({ message, recipients }) =>
    recipients.map(({ subscriptionId }) => {
      handed.set(message.id, [...(handed.get(message.id) ?? []), subscriptionId]);
      return { state: 'sent', ref: null };
    });
  const { sender, creator } = composeSendingProcess({
    database: db.database,
    clock,
    hints,
    partitions: new Partitions(db.database),
    identity,
    deliver: writeDown,
    leaseMs: 60_000,
    pageSize: 2,
    lookedAt: 4,
    ...more,
  });
  senders.push(sender);
  return { handed, sender, creator };
}

function draft(fields: object, app = appId) {
  return parseMessage(app, { app_id: app, email_subject: 'Hello', email_body: 'Hello', ...fields });
}

async function sent(id: string, app = appId) {
  return until('the message is done', async () => {
    const view = await views.one(app, id, {});
    return view.completed_at === null ? undefined : view;
  });
}

const reachable = () => everybody.filter((one) => one.reachable);
const idsOf = (some: readonly KnownSubscription[]) =>
  some.map(({ facts }) => facts.subscriptionId).toSorted();

// The rules once more, in the plainest words, of the wire itself.
function holds(filter: FilterEntry, { facts: { user } }: KnownSubscription): boolean {
  const value = String(filter.value ?? '');
  const field = filter.field ?? '';
  switch (field) {
    case 'tag': {
      const tag = user.tags[filter.key ?? ''];
      const number = /^-?\d+(\.\d+)?$/.test(tag ?? '') ? Number(tag) : NaN;
      const listed = new Set(value.split(',').map((one) => one.trim()));
      return (
        {
          '=': tag === value,
          '!=': tag !== value,
          exists: tag !== undefined,
          not_exists: tag === undefined,
          in_array: listed.has(tag ?? ''),
          not_in_array: !listed.has(tag ?? ''),
          '>': number > Number(value),
          '<': number < Number(value),
        }[filter.relation ?? ''] ?? false
      );
    }
    case 'language':
    case 'country':
      return filter.relation === '=' ? user[field] === value : user[field] !== value;
    case 'session_count':
      return filter.relation === '>'
        ? user.sessionCount > Number(value)
        : user.sessionCount === Number(value);
    case 'last_session': {
      const hours = (clock.now() - user.lastActive) / 3_600_000;
      return filter.relation === '>' ? hours > Number(filter.hours_ago) : hours < Number(filter.hours_ago);
    }
    case 'test_user':
      return user.isTestUser === (filter.relation === 'exists');
    default:
      throw new Error(`no rule for ${field}`);
  }
}

function inFilters(filters: readonly FilterEntry[], one: KnownSubscription): boolean {
  const branches: FilterEntry[][] = [[]];
  for (const entry of filters) {
    if (entry.operator === 'OR') branches.push([]);
    else if (entry.operator !== 'AND') branches.at(-1)?.push(entry);
  }
  return branches.some((branch) => branch.every((filter) => holds(filter, one)));
}

const WEEK = 168;
function inSegment(name: string, { facts: { user } }: KnownSubscription): boolean {
  const hours = (clock.now() - user.lastActive) / 3_600_000;
  switch (name) {
    case 'All':
    case 'Subscribed Users':
    case 'Total Subscriptions':
      return true;
    case 'Active Users':
      return hours < WEEK;
    case 'Inactive Users':
      return hours > WEEK;
    case 'Engaged Users':
      return hours < WEEK && user.sessionCount > 4;
    default:
      return false;
  }
}

const plainKeys = fc.constantFrom(...TAG_KEYS);
const filter: fc.Arbitrary<FilterEntry> = fc.oneof(
  fc.record({
    field: fc.constant('tag'),
    key: plainKeys,
    relation: fc.constantFrom('=', '!=', 'in_array', 'not_in_array'),
    // A list of one where it is a list: a comma in a value would be a comma of the list.
    value: fc.constantFrom(...TAG_VALUES.filter((value) => !value.includes(',') && value.trim() === value)),
  }),
  fc.record({
    field: fc.constant('tag'),
    key: plainKeys,
    relation: fc.constantFrom('exists', 'not_exists'),
  }),
  fc.record({
    field: fc.constant('tag'),
    key: plainKeys,
    relation: fc.constantFrom('>', '<'),
    value: fc.constantFrom('1', 2, '9.99', '-3'),
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
  fc.record({
    field: fc.constant('session_count'),
    relation: fc.constantFrom('>', '='),
    value: fc.nat({ max: 6 }),
  }),
  fc.record({
    field: fc.constant('last_session'),
    relation: fc.constantFrom('>', '<'),
    hours_ago: fc.nat({ max: 300 }).map(String),
  }),
  fc.record({ field: fc.constant('test_user'), relation: fc.constantFrom('exists', 'not_exists') }),
);
const operator = fc.constantFrom<FilterEntry>({ operator: 'OR' }, { operator: 'AND' });
const filters = fc
  .tuple(filter, fc.array(fc.tuple(fc.option(operator, { nil: null }), filter), { maxLength: 3 }))
  .map(([first, more]) => [first, ...more.flatMap(([between, one]) => (between ? [between, one] : [one]))]);
const segments = ['All', 'Active Users', 'Inactive Users', 'Engaged Users', 'Subscribed Users'];
const excluded_segments = fc.subarray(['Active Users', 'Inactive Users', 'Engaged Users'], { maxLength: 1 });
const people = fc.uniqueArray(fc.nat({ max: PEOPLE + 2 }), { minLength: 1, maxLength: 5 });

interface Asked {
  readonly body: object;
  /** Whom it is for, on or off. */
  readonly isMeant: (one: KnownSubscription) => boolean;
}

const asked: fc.Arbitrary<Asked> = fc.oneof(
  fc
    .record({
      included_segments: fc.subarray([...segments, 'all', 'Nobody'], { minLength: 1 }),
      excluded_segments,
    })
    .map((body) => ({
      body: { ...body, isEmail: true, isIos: false },
      isMeant: (one: KnownSubscription) =>
        body.included_segments.some((name) => inSegment(name, one)) &&
        !body.excluded_segments.some((name) => inSegment(name, one)),
    })),
  fc.record({ filters, excluded_segments }).map((body) => ({
    body,
    isMeant: (one: KnownSubscription) =>
      inFilters(body.filters, one) && !body.excluded_segments.some((name) => inSegment(name, one)),
  })),
  people.map((some) => ({
    body: { target_channel: 'email', include_aliases: { external_id: some.map(nameOf) }, filters: [] },
    isMeant: ({ externalId }: KnownSubscription) => some.map(nameOf).includes(externalId ?? ''),
  })),
);

describe('whoever a request means', () => {
  it('gets the message once, and nobody else does: segments, filters, exclusions and names', async () => {
    const { creator, handed, sender } = startProcess();
    sender.start();
    let reached = 0;
    await fc.assert(
      fc.asyncProperty(asked, async ({ body, isMeant }) => {
        const { answer } = await creator.create(draft(body));
        const expected = idsOf(reachable().filter(isMeant));
        const counted = answer.id === '' ? 0 : (await sent(answer.id)).successful;
        expect((handed.get(answer.id) ?? []).toSorted()).toEqual(expected);
        expect(counted).toBe(expected.length);
        reached += expected.length;
      }),
      { numRuns: 40 },
    );
    expect(reached).toBeGreaterThan(50);
  });

  it('is found when the message is due, not when it is accepted', async () => {
    const { creator, handed, sender } = startProcess();
    sender.start();
    const filter = { field: 'tag', key: 'late', relation: '=', value: 'yes' };
    const later = new Date(clock.now() + 60_000).toISOString();
    const { answer } = await creator.create(draft({ filters: [filter], send_after: later }));
    expect(answer).toEqual({ id: expect.stringMatching(/./), external_id: null });
    const { onesignal_id: userId = '' } = (
      await identity.upsertUser(appId, {
        identity: { external_id: 'late' },
        properties: { tags: { late: 'yes' } },
        subscriptions: [{ type: 'Email', token: 'late@example.com' }],
      })
    ).user.identity;
    await clock.advance(60_000);
    await sent(answer.id);
    expect(handed.get(answer.id)).toHaveLength(1);
    await identity.users.delete(appId, { by: 'id', id: userId });
  });
});

describe('a chunk of an audience', () => {
  const noneOfThem = { field: 'tag', key: 'nobody has it', relation: 'exists' };

  it('keeps the place up to where it has looked, although it has found nobody', async () => {
    const { creator, handed, sender } = startProcess();
    sender.start();
    const { answer } = await creator.create(draft({ filters: [noneOfThem] }));
    expect(await sent(answer.id)).toMatchObject({ successful: 0, failed: 0, remaining: 0 });
    expect(handed.get(answer.id)).toBeUndefined();
    const places = await db.database.rows<{ cursor: string | null }>(
      statement(
        '',
        `select c.cursor from message_chunks c
         where c.message_id = $1 and exists (
           select from subscriptions s where s.lane = c.lane and s.app_id = $2 and s.channel = 'email' and s.reachable)`,
      ),
      [answer.id, appId],
    );
    expect(places.length).toBeGreaterThan(10);
    expect(places.every(({ cursor }) => cursor !== null)).toBe(true);
  });

  it('of a throttled message waits for no turn where it has found nobody', async () => {
    const { creator, sender } = startProcess();
    sender.start();
    const slowly = { filters: [noneOfThem], throttle_rate_per_minute: 1 };
    const { answer } = await creator.create(draft(slowly));
    expect(await sent(answer.id)).toMatchObject({ successful: 0, throttle_rate_per_minute: 1 });
  });

  it('goes on where a dead sender was: everyone gets it, and nobody twice', async () => {
    const crowd = newId();
    const made = await Promise.all(
      Array.from({ length: 600 }, (_, n) =>
        identity.upsertUser(crowd, {
          identity: { external_id: nameOf(n) },
          properties: { tags: { part: n % 2 === 0 ? 'in' : 'out' } },
          subscriptions: [{ type: 'Email', token: emailOf(n) }],
        }),
      ),
    );
    const expected = made.flatMap(({ user }, n) => (n % 2 === 0 ? [user.subscriptions?.[0]?.id ?? ''] : []));
    // Its hand-overs never come back; not started, it claims once and renews no lease.
    const dead = startProcess({ deliver: () => new Promise(() => undefined), leaseMs: 500 });
    senders.splice(senders.indexOf(dead.sender), 1);
    const body = { filters: [{ field: 'tag', key: 'part', relation: '=', value: 'in' }] };
    const { answer } = await dead.creator.create(draft(body, crowd));
    dead.sender.look();
    await until(
      'it has died in many lanes, in some of them behind others that it had looked at',
      async () => {
        const [row] = await db.database.rows<{ open: number; further: number }>(
          statement(
            '',
            `select count(*) filter (where doubt_ids <> '{}') as open,
             count(*) filter (where doubt_ids <> '{}' and cursor is not null) as further
           from message_chunks where message_id = $1`,
          ),
          [answer.id],
        );
        return row !== undefined && row.open > 100 && row.further > 10;
      },
    );
    const { handed, sender } = startProcess();
    sender.start();
    expect(await sent(answer.id, crowd)).toMatchObject({ successful: expected.length });
    expect((handed.get(answer.id) ?? []).toSorted()).toEqual(expected.toSorted());
  });
});

describe('the answer', () => {
  const { creator } = { creator: () => startProcess().creator };

  it('tells of names of no segment, and has no id when all of them are', async () => {
    const all = await creator().create(draft({ included_segments: ['all', 'Nobody'] }));
    expect(all.answer).toEqual({
      id: '',
      external_id: null,
      errors: ['All included players are not subscribed'],
      warnings: [
        'included_segments: this app has no segment named all',
        'included_segments: this app has no segment named Nobody',
      ],
    });
    const some = await creator().create(draft({ included_segments: ['All', 'Nobody'] }));
    expect(some.answer).toMatchObject({
      id: expect.stringMatching(/./),
      warnings: ['included_segments: this app has no segment named Nobody'],
    });
  });

  it('has no id when everyone is left out', async () => {
    const body = { included_segments: ['Active Users'], excluded_segments: ['Subscribed Users'] };
    expect((await creator().create(draft(body))).answer).toMatchObject({ id: '' });
  });

  it.each<[string, object]>([
    [
      'excluded_segments can only be given with included_segments or filters, not with email_to',
      { email_to: [emailOf(1)], excluded_segments: ['All'] },
    ],
    [
      'included_segments and filters cannot be combined',
      { included_segments: ['All'], filters: [{ field: 'tag', key: 'a', relation: 'exists' }] },
    ],
    ['You must include which players, segments, or tags', { filters: [] }],
    ['You must include which players, segments, or tags', { included_segments: [] }],
    [
      'Platforms You may only send to one delivery channel',
      { included_segments: ['All'], isIos: true, isEmail: true },
    ],
    [
      'Platforms You may only send to one delivery channel',
      { include_phone_numbers: ['+15550100000'], target_channel: 'email' },
    ],
    [
      'include_phone_numbers[1] must be a phone number with its country code',
      { include_phone_numbers: ['+15550100000', '0555 01'] },
    ],
    [
      'filters[0].relation of country must be one of',
      { filters: [{ field: 'country', relation: '>', value: 'DE' }] },
    ],
  ])('is a refusal: %s', (sentence, body) => {
    expect(() => draft(body)).toThrow(sentence);
  });
});
