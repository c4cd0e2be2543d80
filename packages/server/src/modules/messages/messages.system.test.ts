import { EventEmitter, once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { statement } from '../../platform/database/database.ts';
import { connectHints } from '../../platform/database/hints.ts';
import type { Hints } from '../../platform/database/hints.ts';
import { Partitions } from '../../platform/database/partitions.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import type { Outcome } from '../channels/index.ts';
import { FEED_START } from '../feed/index.ts';
import { Identity, findBrokenRules } from '../identity/index.ts';
import { readEvents } from '../streams/index.ts';
import { MessageViews, createRecorder, readDeliveryHistory } from './index.ts';
import type { Deliverer, Sender } from './index.ts';
import { parseMessage } from './create/parse-message.ts';
import { cancelMessage } from './message-store.ts';
import { findMessage } from './view/message-view-store.ts';
import { OPEN_GATE } from './send/gate.ts';
import { composeSendingProcess } from './sending-process.ts';

const WAITING = statement('test.waiting', 'select attempts from delivery_retries where message_id = $1');
const OPEN = statement(
  'test.open',
  `select count(*)::int as open from message_chunks where app_id = $1 and state = 'open'`,
);
const TOKENS = statement('test.tokens', 'select token from tokens where app_id = $1 order by token');
const OFF = statement('test.off', 'select id from subscriptions where app_id = $1 and not reachable');
/** Something is broken by then; nothing is measured by it. */
const IN_VAIN_MS = 20_000;
const log = createLog({ level: 'silent' });
const clock = new FakeClock();
let test: TestDatabase;
let hints: Hints;
let identity: Identity;
let partitions: Partitions;
let appId: string;
const senders: Sender[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  hints = await connectHints(test.database, log);
  identity = new Identity({ database: test.database, clock });
  partitions = new Partitions(test.database);
  await partitions.ahead(Date.now());
});
afterAll(async () => {
  await hints.end();
  await test.drop();
});
beforeEach(() => {
  appId = newId();
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.stop()));
});

interface Setup {
  readonly outcome?: (subscriptionId: string, attempt: number, messageId: string) => Outcome;
  /** Instead of writing down what is handed over. */
  readonly deliver?: Deliverer['deliver'];
  readonly leaseMs?: number;
  readonly pageSize?: number;
  /** Under way at once, of each priority. */
  readonly mostRecipients?: number;
  /** Recipients that the provider can use at a time. */
  readonly room?: number;
}

const platform = () => ({ database: test.database, clock, hints, partitions, identity });

/** A process that accepts and sends; what it hands over is written down instead of leaving. */
function startProcess({
  outcome = () => ({ state: 'sent', ref: null }),
  leaseMs = 60_000,
  pageSize = 100,
  room = Infinity,
  mostRecipients,
  deliver,
}: Setup = {}) {
  const provider = async () => ({ account: 'provider', recipients: room, gate: OPEN_GATE });
  const handed: { messageId: string; subscriptionId: string; attempt: number }[] = [];
  const writeDown: Deliverer['deliver'] = async ({ message, recipients, attempt }) =>
    recipients.map(({ subscriptionId }) => {
      handed.push({ messageId: message.id, subscriptionId, attempt: attempt(subscriptionId) });
      return outcome(subscriptionId, attempt(subscriptionId), message.id);
    });
  const { sender, creator } = composeSendingProcess({
    ...platform(),
    deliver: deliver ?? writeDown,
    provider,
    leaseMs,
    pageSize,
    ...(mostRecipients !== undefined && { mostRecipients }),
  });
  senders.push(sender);
  return { handed, sender, creator, views: new MessageViews(test.database, async () => []) };
}

async function makeUsers(count: number, enabled: (index: number) => boolean = () => true): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `user-${index}`);
  await Promise.all(
    names.map((name, index) =>
      identity.upsertUser(appId, {
        identity: { external_id: name },
        subscriptions: [{ type: 'Email', token: `${name}@example.com`, enabled: enabled(index) }],
      }),
    ),
  );
  return names;
}

function draft(targets: object, more: object = {}) {
  return parseMessage(appId, {
    app_id: appId,
    target_channel: 'email',
    email_subject: 'Hello',
    email_body: '<p>Hello</p>',
    ...targets,
    ...more,
  });
}

async function until<Value>(read: () => Promise<Value>, good: (value: Value) => boolean): Promise<Value> {
  const end = Date.now() + IN_VAIN_MS;
  for (;;) {
    const value = await read();
    if (good(value)) return value;
    if (Date.now() > end) throw new Error(`waited in vain; the last answer is ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What waits for it goes on when the test says so. */
class Gate {
  readonly #opened = new EventEmitter();
  readonly promise = once(this.#opened, 'open');

  open(): void {
    this.#opened.emit('open');
  }
}

const neverComesBack: Deliverer['deliver'] = () => new Promise(() => undefined);

/** Dies: its hand-over never comes back, and its lease is short. */
async function leaveInDoubt(more: object): Promise<{ id: string; count: number }> {
  const names = await makeUsers(5);
  const { creator } = composeSendingProcess({
    ...platform(),
    deliver: neverComesBack,
    leaseMs: 300,
    pageSize: 100,
  });
  const { answer } = await creator.create(draft({ include_aliases: { external_id: names } }, more));
  return { id: answer.id, count: names.length };
}

describe('a message to a few people', () => {
  it('is handed over once to each, counted, and told in the feed', async () => {
    const { creator, handed, views } = startProcess();
    const names = await makeUsers(3);
    const { answer } = await creator.create(draft({ include_aliases: { external_id: names } }));
    expect(answer).toMatchObject({ external_id: null });
    const view = await until(
      () => views.one(appId, answer.id),
      (message) => message.remaining === 0,
    );
    expect(view).toMatchObject({ successful: 3, failed: 0, errored: 0, canceled: false });
    expect(handed).toHaveLength(3);
    const { events } = await readEvents(test.database, appId, FEED_START, 100);
    expect(events.map((event) => event.kind)).toEqual(names.map(() => 'message.email.sent'));
    expect(new Set(events.map((event) => event.external_id))).toEqual(new Set(names));
  });

  it('names who exists and is off, and writes that into the ledger', async () => {
    const { creator, views, handed } = startProcess();
    await makeUsers(2, (index) => index === 0);
    const { answer } = await creator.create(
      draft({ include_aliases: { external_id: ['user-0', 'user-1', 'nobody'] } }),
    );
    expect(answer.errors).toEqual({ invalid_aliases: { external_id: ['user-1'] } });
    const view = await until(
      () => views.one(appId, answer.id),
      (message) => message.remaining === 0,
    );
    expect(view).toMatchObject({ successful: 1, failed: 1 });
    expect(handed).toHaveLength(1);
    const { events } = await readEvents(test.database, appId, FEED_START, 100);
    expect(events.find(({ external_id }) => external_id === 'user-1')).toMatchObject({
      kind: 'message.email.unsubscribed',
      passed_over: true,
    });
    expect(events.find(({ external_id }) => external_id === 'user-0')).not.toHaveProperty('passed_over');
  });

  it('comes once to a person who is named twice', async () => {
    const { creator, handed, views } = startProcess();
    const [name = ''] = await makeUsers(1);
    const [recipient] = await identity.recipientsByAlias({
      appId,
      channel: 'email',
      label: 'external_id',
      value: name,
    });
    const aliases = { external_id: [name], onesignal_id: [recipient?.userId ?? ''] };
    const { answer } = await creator.create(draft({ include_aliases: aliases }));
    const view = await until(
      () => views.one(appId, answer.id),
      (message) => message.remaining === 0,
    );
    expect(view).toMatchObject({ successful: 1 });
    expect(handed).toHaveLength(1);
  });

  it('is not made when nobody can be reached', async () => {
    const { creator, views } = startProcess();
    await makeUsers(1, () => false);
    const { answer } = await creator.create(draft({ include_aliases: { external_id: ['user-0'] } }));
    expect(answer).toEqual({
      id: '',
      external_id: null,
      errors: ['All included players are not subscribed'],
    });
    expect((await views.page(appId, { limit: 50, offset: 0, templateId: null })).total_count).toBe(0);
  });
});

describe('an idempotency key', () => {
  it('makes one message of many requests at once, and answers all of them alike', async () => {
    const { creator, handed, views } = startProcess();
    await makeUsers(1);
    const request = () =>
      creator.create(draft({ include_aliases: { external_id: ['user-0'] } }, { idempotency_key: key }));
    const key = newId();
    const created = await Promise.all(Array.from({ length: 20 }, request));
    expect(new Set(created.map(({ answer }) => answer.id)).size).toBe(1);
    expect(created.filter(({ replayed }) => !replayed)).toHaveLength(1);
    const id = created[0]?.answer.id ?? '';
    await until(
      () => views.one(appId, id),
      (message) => message.remaining === 0,
    );
    expect(handed).toHaveLength(1);
  });

  it('refuses another body under the same key', async () => {
    const { creator } = startProcess();
    await makeUsers(1);
    const key = newId();
    await creator.create(draft({ include_aliases: { external_id: ['user-0'] } }, { idempotency_key: key }));
    const other = draft(
      { include_aliases: { external_id: ['user-0'] } },
      { idempotency_key: key, email_subject: 'Other' },
    );
    await expect(creator.create(other)).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  });
});

describe('a broadcast', () => {
  it('reaches everyone subscribed exactly once, page by page', async () => {
    const { creator, sender, handed, views } = startProcess({ pageSize: 2 });
    await makeUsers(700, (index) => index % 10 !== 0);
    const { answer } = await creator.create(draft({ included_segments: ['Subscribed Users'] }));
    sender.start();
    const view = await until(
      () => views.one(appId, answer.id),
      (message) => message.completed_at !== null,
    );
    expect(view).toMatchObject({ successful: 630, failed: 0, errored: 0, remaining: 0 });
    expect(new Set(handed.map((one) => one.subscriptionId)).size).toBe(630);
    expect(handed).toHaveLength(630);
    const { events } = await readEvents(test.database, appId, FEED_START, 10_000);
    expect(new Set(events.map((event) => event.external_id)).size).toBe(630);
  });

  it.each<[string, (names: string[]) => object]>([
    ['everyone', () => ({ included_segments: ['Subscribed Users'] })],
    ['many people by name', (names) => ({ include_aliases: { external_id: names } })],
  ])('to %s has no more in doubt at a time than its provider can use', async (_, audience) => {
    const inDoubt: number[] = [];
    const deliver: Deliverer['deliver'] = async ({ message, recipients }) => {
      const [row] = await test.database.rows<{ ids: number }>(
        {
          name: '',
          text: 'select sum(cardinality(doubt_ids))::int as ids from message_chunks where message_id = $1',
        },
        [message.id],
      );
      inDoubt.push(row?.ids ?? 0);
      return recipients.map(() => ({ state: 'sent', ref: null }));
    };
    const { creator, sender, views } = startProcess({ deliver, room: 6 });
    const names = await makeUsers(400);
    const { answer } = await creator.create(draft(audience(names)));
    sender.start();
    const view = await until(
      () => views.one(appId, answer.id),
      (message) => message.completed_at !== null,
    );
    expect(view).toMatchObject({ successful: 400, remaining: 0 });
    expect(Math.max(...inDoubt)).toBeLessThanOrEqual(6);
  });

  it('stops when it is cancelled: what is left ends as cancelled, and everything adds up', async () => {
    const { creator, sender, handed } = startProcess();
    const names = await makeUsers(80);
    const { answer } = await creator.create(draft({ include_aliases: { external_id: names } }));
    expect(await cancelMessage(test.database, appId, answer.id, clock.now())).toBe('cancelled');
    expect(await cancelMessage(test.database, newId(), answer.id, clock.now())).toBe('not-found');
    sender.start();
    const { events } = await until(
      () => readEvents(test.database, appId, FEED_START, 1_000),
      (page) => page.events.length === 80,
    );
    expect(new Set(events.map((event) => event.kind))).toEqual(new Set(['message.email.cancelled']));
    expect(handed).toHaveLength(0);
    expect(await cancelMessage(test.database, appId, answer.id, clock.now())).toBe('done');
  });

  it('waits for its time', async () => {
    const { creator, sender, handed, views } = startProcess();
    await makeUsers(1);
    const later = new Date(clock.now() + 3_600_000).toISOString();
    const { answer } = await creator.create(
      draft({ include_aliases: { external_id: ['user-0'] } }, { send_after: later }),
    );
    sender.start();
    await clock.advance(3_500_000);
    expect(handed).toHaveLength(0);
    await clock.advance(200_000);
    await until(
      () => views.one(appId, answer.id),
      (message) => message.remaining === 0,
    );
    expect(handed).toHaveLength(1);
  });
});

describe('a delivery that fails', () => {
  it('is tried again later and ends as sent', async () => {
    const { creator, sender, handed, views } = startProcess({
      outcome: (_, attempt) =>
        attempt < 3 ? { state: 'retry', reason: 'greylisted', afterMs: null } : { state: 'sent', ref: null },
    });
    await makeUsers(1);
    sender.start();
    const { answer } = await creator.create(draft({ include_aliases: { external_id: ['user-0'] } }));
    for (let step = 0; step < 200 && handed.length < 3; step += 1) {
      await clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const view = await until(
      () => views.one(appId, answer.id),
      (message) => message.remaining === 0,
    );
    expect(view).toMatchObject({ successful: 1, errored: 0 });
    expect(handed.map((one) => one.attempt)).toEqual([1, 2, 3]);
  });

  it('ends as failed with its reason when the provider says never', async () => {
    const { creator, views } = startProcess({
      outcome: () => ({ state: 'failed', reason: '550 no such user' }),
    });
    await makeUsers(1);
    const { answer } = await creator.create(draft({ include_aliases: { external_id: ['user-0'] } }));
    await until(
      () => views.one(appId, answer.id),
      (message) => message.errored === 1,
    );
    const { events } = await readEvents(test.database, appId, FEED_START, 10);
    expect(events).toMatchObject([{ kind: 'message.email.failed', reason: '550 no such user' }]);
  });
});

describe('after a sender dies in the middle of a hand-over', () => {
  it('another one hands over again what was in doubt', async () => {
    const { id, count } = await leaveInDoubt({});
    const { sender, handed, views } = startProcess();
    sender.start();
    const view = await until(
      () => views.one(appId, id),
      (message) => message.remaining === 0,
    );
    expect(view).toMatchObject({ successful: count });
    expect(handed).toHaveLength(count);
  });

  it.each<[string, object, (id: string) => Promise<unknown>]>([
    ['the message asks for at most once', { at_most_once: true }, async () => undefined],
    ['the message was cancelled since', {}, (id) => cancelMessage(test.database, appId, id, clock.now())],
  ])('marks it unknown instead when %s', async (_, more, meanwhile) => {
    const { id, count } = await leaveInDoubt(more);
    await meanwhile(id);
    const { sender, handed, views } = startProcess();
    sender.start();
    const view = await until(
      () => views.one(appId, id),
      (message) => message.remaining === 0,
    );
    expect(view).toMatchObject({ successful: 0, errored: count });
    expect(handed).toHaveLength(0);
  });
});

describe('a cancel', () => {
  it('that comes while a delivery is under way ends it at its first failure', async () => {
    let cancelled: Promise<unknown> = Promise.resolve();
    const { creator, sender, handed, views } = startProcess({
      deliver: async ({ message, recipients }) => {
        cancelled = cancelMessage(test.database, appId, message.id, clock.now());
        await cancelled;
        return recipients.map(() => ({ state: 'retry', reason: 'busy', afterMs: 3_600_000 }));
      },
    });
    await makeUsers(2);
    sender.start();
    const { answer } = await creator.create(
      draft({ include_aliases: { external_id: ['user-0', 'user-1'] } }),
    );
    const view = await until(
      () => views.one(appId, answer.id),
      (message) => message.remaining === 0,
    );
    expect(view).toMatchObject({ canceled: true, successful: 0, errored: 0 });
    expect(handed).toHaveLength(0);
  });

  it('ends deliveries that wait for another attempt', async () => {
    const { creator, sender, handed, views } = startProcess({
      outcome: () => ({ state: 'retry', reason: 'busy', afterMs: 3_600_000 }),
    });
    await makeUsers(1);
    sender.start();
    const { answer } = await creator.create(draft({ include_aliases: { external_id: ['user-0'] } }));
    await until(
      () => test.database.rows(WAITING, [answer.id]),
      (rows) => rows.length === 1,
    );
    await cancelMessage(test.database, appId, answer.id, clock.now());
    hints.give('senders');
    await until(
      () => views.one(appId, answer.id),
      (message) => message.remaining === 0,
    );
    expect(handed).toHaveLength(1);
  });
});

describe('a sender that stops', () => {
  it('keeps its chunks until the last page is closed, however slow the provider is', async () => {
    let finish: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    let began = false;
    const slow = startProcess({
      leaseMs: 600,
      deliver: async ({ recipients }) => {
        began = true;
        await gate;
        return recipients.map(() => ({ state: 'sent', ref: null }));
      },
    });
    await makeUsers(1);
    const { answer } = await slow.creator.create(draft({ include_aliases: { external_id: ['user-0'] } }));
    slow.sender.start();
    await until(
      async () => began,
      (it) => it,
    );
    const stopped = slow.sender.stop();
    const { sender, handed, views } = startProcess();
    sender.start();
    // Longer than the lease: the other one looks three times.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    finish?.();
    await stopped;
    expect(await views.one(appId, answer.id)).toMatchObject({ successful: 1, remaining: 0 });
    expect(handed).toHaveLength(0);
  });
});

describe('a page that fails in the middle', () => {
  it('is taken up again although its sender goes on with other messages', async () => {
    let failures = 0;
    const goOn = new Gate();
    const { creator, sender, views } = startProcess({
      leaseMs: 600,
      deliver: async ({ message, recipients }) => {
        if (message.name === 'busy') await goOn.promise;
        if (message.name === 'fails' && failures++ === 0) throw new Error('out of order');
        return recipients.map(() => ({ state: 'sent', ref: null }));
      },
    });
    await makeUsers(1);
    const to = { include_aliases: { external_id: ['user-0'] } };
    sender.start();
    await creator.create(draft(to, { name: 'busy' }));
    const { answer } = await creator.create(draft(to, { name: 'fails' }));
    try {
      await until(
        () => views.one(appId, answer.id),
        // Nobody remains before the chunk itself is done: it is looked through for retries first.
        (message) => message.completed_at !== null,
      );
      expect(failures).toBe(2);
      const [busy] = await test.database.rows<{ open: number }>(OPEN, [appId]);
      expect(busy?.open).toBe(1);
    } finally {
      goOn.open();
    }
  });
});

async function addresses(): Promise<string[]> {
  const rows = await test.database.rows<{ token: string }>(TOKENS, [appId]);
  return rows.map(({ token }) => token);
}

describe('a message to email addresses', () => {
  it('reaches who has them, and subscribes the others', async () => {
    const { creator, handed } = startProcess();
    await makeUsers(2, (index) => index === 0);
    const email_to = ['user-0@example.com', 'user-1@example.com', ' New@Example.com', 'new@example.com'];
    const { answer } = await creator.create(draft({ email_to }));
    expect(answer.errors).toEqual({ invalid_email_tokens: ['user-1@example.com'] });
    await until(
      async () => handed.length,
      (count) => count === 2,
    );
    expect(await addresses()).toEqual(['new@example.com', 'user-0@example.com', 'user-1@example.com']);
    const { request } = (await findMessage(test.database, appId, answer.id)) ?? {};
    expect(JSON.stringify(request)).not.toContain('@example.com');
  });

  it('subscribes nobody when it will not do, or was sent before', async () => {
    const { creator } = startProcess();
    const to = { email_to: ['first@example.com'], idempotency_key: newId() };
    await expect(creator.create(draft(to, { email_body: '' }))).rejects.toThrow('email_body');
    expect(await addresses()).toEqual([]);
    await creator.create(draft(to));
    const again = { ...to, email_to: ['second@example.com'] };
    await expect(creator.create(draft(again))).rejects.toMatchObject({ code: 'idempotency-key-reused' });
    expect((await creator.create(draft(to))).replayed).toBe(true);
    expect(await addresses()).toEqual(['first@example.com']);
  });

  it('that come in many requests at once makes one subscription of each', async () => {
    const [one, other] = [startProcess(), startProcess()];
    const people = Array.from({ length: 40 }, (_, n) => `person-${n}@example.com`);
    const requests = Array.from({ length: 20 }, (_, n) => people.slice(n, n + 20).toReversed());
    await Promise.all(
      requests.map((email_to, n) => (n % 2 === 0 ? one : other).creator.create(draft({ email_to }))),
    );
    expect(await addresses()).toEqual(people.slice(0, 39).toSorted());
    expect(await findBrokenRules(test.database, appId)).toEqual([]);
  });

  it('subscribes more than go in one transaction', async () => {
    const { creator } = startProcess();
    const email_to = Array.from({ length: 2_001 }, (_, n) => `n${n}@example.com`);
    const { answer } = await creator.create(draft({ email_to, send_after: '2999-01-01' }));
    expect(answer.errors).toBeUndefined();
    expect(new Set(await addresses())).toEqual(new Set(email_to));
  });

  it('names the first that is none', () => {
    expect(() => draft({ email_to: ['a@example.com', 'b'] })).toThrow(/email_to\[1\].*"b" is not/);
  });
});

describe('the old names of targets', () => {
  it('mean the same, and are told back as they were', async () => {
    const { creator } = startProcess();
    const names = await makeUsers(2, (index) => index === 0);
    const to = { include_external_user_ids: names, channel_for_external_user_ids: 'email' };
    const { answer } = await creator.create(draft({ ...to, target_channel: undefined }));
    expect(answer.errors).toEqual({ invalid_external_user_ids: ['user-1'] });
    const [lost] = await test.database.rows<{ id: string }>(OFF, [appId]);
    const ids = [lost?.id ?? ''];
    expect((await creator.create(draft({ include_player_ids: ids }))).answer.id).toBe('');
    expect(() => draft({ include_player_ids: ids, include_subscription_ids: ids })).toThrow(/exactly one/);
  });
});

describe('an app whose provider hangs', () => {
  it('keeps nobody else waiting, neither with broadcasts nor with small sends', async () => {
    const hanging = appId;
    const goOn = new Gate();
    const { creator, sender, views } = startProcess({
      mostRecipients: 200,
      deliver: async ({ message, recipients }) => {
        if (message.appId === hanging) await goOn.promise;
        return recipients.map(() => ({ state: 'sent', ref: null }));
      },
    });
    sender.start();
    const few = await makeUsers(250);
    await creator.create(draft({ include_aliases: { external_id: few } }));
    for (const name of few) await creator.create(draft({ include_aliases: { external_id: [name] } }));

    appId = newId();
    const others = await makeUsers(60);
    for (const names of [others, others.slice(0, 1)]) {
      const { answer } = await creator.create(draft({ include_aliases: { external_id: names } }));
      const view = await until(
        () => views.one(appId, answer.id),
        (message) => message.remaining === 0,
      );
      expect(view.successful).toBe(names.length);
    }
    goOn.open();
  });
});

describe('what happens after the hand-over', () => {
  it('is recorded once, counted and told in the feed after the sending', async () => {
    const { creator, views } = startProcess();
    await makeUsers(1);
    let news = 0;
    const record = createRecorder({ database: test.database, clock, partitions, onNews: () => (news += 1) });
    const { answer } = await creator.create(draft({ include_aliases: { external_id: ['user-0'] } }));
    const { events } = await until(
      () => readEvents(test.database, appId, FEED_START, 10),
      (page) => page.events.length === 1,
    );
    const subscriptionId = events[0]?.subscription_id ?? '';
    const lane = Number.parseInt(subscriptionId.slice(-4), 16) % 256;
    const about = { lane, messageId: answer.id, subscriptionId, at: clock.now() };
    const delivered = { ...about, id: newId(), kind: 'delivered' } as const;
    await record([
      delivered,
      { ...about, id: newId(), kind: 'clicked', at: clock.now() + 5, url: 'https://example.com/' },
    ]);
    await record([delivered]);
    await record([{ ...delivered, id: newId(), subscriptionId: newId() }]);
    expect(news).toBeGreaterThan(0);
    const after = await readEvents(test.database, appId, FEED_START, 10);
    expect(after.events.map((event) => [event.kind, event.url])).toEqual([
      ['message.email.sent', null],
      ['message.email.received', null],
      ['message.email.clicked', 'https://example.com/'],
    ]);
    expect(await views.one(appId, answer.id)).toMatchObject({ received: 1, converted: 1 });
  });

  it('counts for a delivery of unknown fate too: it has arrived after all', async () => {
    const { id } = await leaveInDoubt({ at_most_once: true });
    const { sender, views } = startProcess();
    sender.start();
    await until(
      () => views.one(appId, id),
      (message) => message.remaining === 0,
    );
    const { events } = await readEvents(test.database, appId, FEED_START, 1);
    const subscriptionId = events[0]?.subscription_id ?? '';
    const lane = Number.parseInt(subscriptionId.slice(-4), 16) % 256;
    const record = createRecorder({ database: test.database, clock, partitions, onNews: () => undefined });
    await record([{ id: newId(), lane, messageId: id, subscriptionId, kind: 'opened', at: clock.now() }]);
    expect(await views.one(appId, id)).toMatchObject({
      platform_delivery_stats: { email: { unique_opens: 1 } },
    });
  });

  it('waits for the ledger when it is told before the hand-over is committed', async () => {
    await makeUsers(1);
    let told: Promise<void> | undefined;
    let subscription = { lane: 0, subscriptionId: '' };
    const record = createRecorder({ database: test.database, clock, partitions, onNews: () => undefined });
    const { creator, views } = startProcess({
      outcome: (subscriptionId, _, messageId) => {
        const lane = Number.parseInt(subscriptionId.slice(-4), 16) % 256;
        subscription = { lane, subscriptionId };
        const at = clock.now() - 5;
        told = record([{ id: newId(), lane, messageId, subscriptionId, kind: 'delivered', at }]);
        return { state: 'sent', ref: null };
      },
    });
    const { answer } = await creator.create(draft({ include_aliases: { external_id: ['user-0'] } }));
    await until(
      () => views.one(appId, answer.id),
      (message) => message.successful === 1,
    );
    await told;
    expect(await views.one(appId, answer.id)).toMatchObject({ received: 1 });
    const history = await readDeliveryHistory(test.database, { messageId: answer.id, ...subscription });
    expect(history.map(({ kind }) => kind)).toEqual(['sent', 'delivered']);
  });
});
