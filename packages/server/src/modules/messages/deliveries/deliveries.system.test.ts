import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { Delivery, DeliveryPage, DeliveryQuery } from '@carillon/wire';
import { connectHints } from '../../../platform/database/hints.ts';
import type { Hints } from '../../../platform/database/hints.ts';
import { Partitions } from '../../../platform/database/partitions.ts';
import { laneOf, newId } from '../../../platform/ids.ts';
import { createLog } from '../../../platform/log.ts';
import { Identity, parseAddress } from '../../identity/index.ts';
import { parseMessage } from '../create/parse-message.ts';
import { createRecorder } from '../events/record-delivery-events.ts';
import type { Deliverer } from '../send/deliverer.ts';
import { composeSendingProcess } from '../sending-process.ts';
import { MessageViews } from '../view/message-views.ts';
import { Deliveries } from './deliveries.ts';

const clock = new FakeClock();
let test: TestDatabase;
let hints: Hints;
let identity: Identity;
let partitions: Partitions;
let deliveries: Deliveries;
let appId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  hints = await connectHints(test.database, createLog({ level: 'silent' }));
  identity = new Identity({ database: test.database, clock });
  partitions = new Partitions(test.database);
  // The feed goes by the days of the database.
  for (const now of [Date.now(), clock.now()]) await partitions.ahead(now);
  deliveries = new Deliveries({ database: test.database, identity });
});
afterAll(async () => {
  await hints.end();
  await test.drop();
});
beforeEach(() => {
  appId = newId();
});

/** What each address meets: the provider refuses `bad-`, has no time for `busy-`, and takes the rest. */
const deliver: Deliverer['deliver'] = async ({ recipients }) =>
  recipients.map(({ token }) => {
    if (token.startsWith('bad-')) return { state: 'failed', reason: '550 No such Mailbox' };
    if (token.startsWith('busy-')) return { state: 'retry', reason: '450 later', afterMs: null };
    return { state: 'sent', ref: `ref of ${token}` };
  });

class Gate {
  unlock: () => void = () => undefined;
  readonly open = new Promise<void>((resolve) => {
    this.unlock = resolve;
  });
}

function processOf(as: Deliverer['deliver'] = deliver) {
  return composeSendingProcess({
    database: test.database,
    clock,
    hints,
    partitions,
    identity,
    deliver: as,
    leaseMs: 60_000,
    pageSize: 10,
  });
}

async function makeUser(name: string, more: object = {}): Promise<void> {
  await identity.upsertUser(appId, {
    identity: { external_id: name },
    subscriptions: [{ type: 'Email', token: `${name}@example.com`, ...more }],
  });
}

function draft(targets: object, more: object = {}) {
  const content = { email_subject: 'Hello', email_body: '<p>Hello</p>' };
  return parseMessage(appId, { app_id: appId, target_channel: 'email', ...content, ...targets, ...more });
}

/** Sends at once and waits until everything that can be handed over was. */
async function send(names: readonly string[], more: object = {}): Promise<string> {
  const { creator, sender } = processOf();
  const { answer } = await creator.create(draft({ include_aliases: { external_id: names } }, more));
  await sender.stop();
  return answer.id;
}

async function allOf(read: (cursor: object) => Promise<DeliveryPage>): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for (let cursor: object = {}; ;) {
    const page = await read(cursor);
    found.push(...page.deliveries);
    if (!page.has_more) return found;
    cursor = { cursor: page.next_cursor };
  }
}

const ofMessage = (id: string, query: DeliveryQuery = {}) =>
  allOf((cursor) => deliveries.ofMessage(appId, id, { ...query, ...cursor }));
const ofUser = (name: string, query: object = {}) => allOf((cursor) => pageOf(name, { ...query, ...cursor }));
const pageOf = (name: string, query: object) =>
  deliveries.ofUser(appId, parseAddress('external_id', name), query);
const namesOf = (found: readonly Delivery[]) =>
  found.map((row) => row.external_id ?? '').toSorted((a, b) => (a < b ? -1 : 1));

describe('the deliveries of a message', () => {
  it('tell of every target what became of it, and as many of each fate as the view counts', async () => {
    const fates = { good: 7, bad: 4, busy: 3, off: 2 };
    const names = Object.entries(fates).flatMap(([fate, count]) =>
      Array.from({ length: count }, (_, n) => `${fate}-${n}`),
    );
    await Promise.all(names.map((name) => makeUser(name, { enabled: !name.startsWith('off') })));
    const id = await send(names, { name: 'Mixed' });
    const rows = await ofMessage(id, { limit: 3 });

    expect(namesOf(rows)).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)));
    const of = (fate: string) => rows.filter((row) => row.external_id?.startsWith(fate));
    for (const row of of('good')) {
      expect(row).toMatchObject({
        message_id: id,
        message_name: 'Mixed',
        channel: 'email',
        state: 'sent',
        reason: null,
        attempts: 1,
        provider_reference: `ref of ${row.external_id}@example.com`,
        ended_at: new Date(clock.now()).toISOString(),
        next_attempt_at: null,
        events: [],
      });
    }
    for (const row of of('bad')) {
      expect(row).toMatchObject({ state: 'failed', reason: '550 No such Mailbox', attempts: 1 });
    }
    for (const row of of('off')) {
      expect(row).toMatchObject({ state: 'unsubscribed', reason: 'the subscription is off', attempts: 0 });
    }
    for (const row of of('busy')) {
      expect(row).toMatchObject({ state: 'retrying', reason: '450 later', attempts: 1, ended_at: null });
      expect(Date.parse(row.next_attempt_at ?? '')).toBeGreaterThan(clock.now());
    }

    const view = await new MessageViews(test.database, async () => []).one(appId, id);
    const count = (...states: string[]) => rows.filter(({ state }) => states.includes(state)).length;
    expect(view).toMatchObject({
      successful: count('sent'),
      failed: count('unsubscribed', 'suppressed', 'capped'),
      errored: count('failed', 'unknown', 'expired'),
      remaining: count('waiting', 'sending', 'retrying'),
    });
  });

  it('are found by state, reason, user, subscription and time', async () => {
    const names = ['good-1', 'good-2', 'bad-1', 'busy-1', 'off-1'];
    for (const name of names) await makeUser(name, { enabled: name !== 'off-1' });
    const id = await send(names);
    const named = async (query: DeliveryQuery) => namesOf(await ofMessage(id, { limit: 1, ...query }));
    expect(await named({ state: ['failed'] })).toEqual(['bad-1']);
    expect(await named({ state: ['unsubscribed', 'retrying'] })).toEqual(['busy-1', 'off-1']);
    expect(await named({ state: ['capped'] })).toEqual([]);
    expect(await named({ reason: 'mailBOX' })).toEqual(['bad-1']);
    expect(await named({ alias: 'external_id:good-2' })).toEqual(['good-2']);
    expect(await named({ alias: 'external_id:busy-1', state: ['sent'] })).toEqual([]);
    const [row] = await ofMessage(id, { alias: 'external_id:off-1' });
    expect(await named({ subscription_id: row?.subscription_id ?? '' })).toEqual(['off-1']);
    expect(await named({ subscription_id: newId() })).toEqual([]);
    const before = new Date(clock.now() - 1).toISOString();
    expect(await named({ ended_before: before })).toEqual([]);
    expect(await named({ ended_after: before })).toEqual(['bad-1', 'good-1', 'good-2', 'off-1']);
  });

  it('are there before the message is: who waits, until when, and who is just being sent to', async () => {
    const names = ['anna', 'ben', 'carla'];
    for (const name of names) await makeUser(name);
    const later = new Date(clock.now() + 3_600_000).toISOString();
    const scheduled = await send(names, { send_after: later });
    const waiting = await ofMessage(scheduled, { limit: 2 });
    expect(namesOf(waiting)).toEqual(names);
    for (const row of waiting) {
      expect(row).toMatchObject({ state: 'waiting', attempts: 0, ended_at: null, next_attempt_at: later });
    }

    const handingOver = new Gate();
    const { creator, sender } = processOf(async (job) => {
      await handingOver.open;
      return deliver(job);
    });
    const { answer } = await creator.create(draft({ include_aliases: { external_id: ['ben'] } }));
    expect(await ofMessage(answer.id)).toMatchObject([
      { state: 'sending', external_id: 'ben', next_attempt_at: null },
    ]);
    handingOver.unlock();
    await sender.stop();
    expect(await ofMessage(answer.id)).toMatchObject([{ state: 'sent', external_id: 'ben' }]);
  });

  it('of a broadcast that has not begun are everyone who can be reached', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `user-${n}`);
    for (const name of names) await makeUser(name);
    await makeUser('off', { enabled: false });
    const later = new Date(clock.now() + 3_600_000).toISOString();
    const { creator, sender } = processOf();
    const { answer } = await creator.create(draft({ included_segments: ['All'] }, { send_after: later }));
    await sender.stop();
    const rows = await ofMessage(answer.id, { limit: 5 });
    expect(namesOf(rows)).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['waiting']));
  });

  it('of filters are those who fit as it goes out: nobody waits for it before', async () => {
    await identity.upsertUser(appId, {
      identity: { external_id: 'fits' },
      properties: { tags: { plan: 'gold' } },
      subscriptions: [{ type: 'Email', token: 'fits@example.com' }],
    });
    await makeUser('does-not');
    const filters = [{ field: 'tag', key: 'plan', relation: '=', value: 'gold' }];
    const later = { send_after: new Date(clock.now() + 60_000).toISOString() };
    const { creator, sender } = processOf();
    const { answer } = await creator.create(draft({ filters }, later));
    expect(await ofMessage(answer.id)).toEqual([]);
    for (const name of ['fits', 'does-not']) expect(await ofUser(name)).toEqual([]);
    await clock.advance(60_000);
    sender.start();
    const rows = await until('it has gone out', async () => {
      const found = await ofMessage(answer.id, { state: ['sent'] });
      return found.length > 0 && found;
    });
    await sender.stop();
    expect(namesOf(rows)).toEqual(['fits']);
    expect(await ofUser('fits')).toMatchObject([{ message_id: answer.id, state: 'sent' }]);
    expect(await ofUser('does-not')).toEqual([]);
  });

  it('carry what was told afterwards, the oldest first', async () => {
    await makeUser('anna');
    const id = await send(['anna']);
    const [row] = await ofMessage(id);
    const record = createRecorder({ database: test.database, clock, partitions, onNews: () => undefined });
    const subscriptionId = row?.subscription_id ?? '';
    const about = { lane: laneOf(subscriptionId), messageId: id, subscriptionId };
    const at = clock.now();
    await record([
      { ...about, id: newId(), kind: 'clicked', at: at + 2_000, url: 'https://example.com/' },
      { ...about, id: newId(), kind: 'opened', at: at + 1_000 },
    ]);
    expect((await ofMessage(id))[0]?.events).toEqual([
      { kind: 'opened', at: new Date(at + 1_000).toISOString(), url: null, reason: null },
      { kind: 'clicked', at: new Date(at + 2_000).toISOString(), url: 'https://example.com/', reason: null },
    ]);
  });

  it('cannot be read by another app, nor with the cursor of another list', async () => {
    for (const name of ['anna', 'ben']) await makeUser(name);
    const id = await send(['anna', 'ben']);
    await expect(deliveries.ofMessage(newId(), id, {})).rejects.toThrow('Notification not found');
    await expect(deliveries.ofMessage(appId, 'no-uuid', {})).rejects.toThrow('Notification not found');
    const { next_cursor: cursor = '' } = await deliveries.ofMessage(appId, id, { limit: 1 });
    expect(cursor).not.toBe('');
    for (const query of [{ cursor: 'x' }, { cursor, state: ['sent' as const] }]) {
      await expect(deliveries.ofMessage(appId, id, query)).rejects.toThrow('cursor must be');
    }
    await expect(deliveries.ofMessage(appId, id, { alias: 'external_id:nobody' })).rejects.toThrow(
      "doesn't match an existing user",
    );
  });
});

describe('the deliveries of a user', () => {
  it('are those of all messages, the newest first, whatever became of them', async () => {
    await makeUser('busy-anna');
    await makeUser('ben');
    const expected: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      expected.unshift(await send(['busy-anna', 'ben'], { name: `Message ${n}` }));
      await clock.advance(1_000);
    }
    const later = new Date(clock.now() + 3_600_000).toISOString();
    expected.unshift(await send(['busy-anna'], { send_after: later }));
    await send(['ben']);
    const rows = await ofUser('busy-anna', { limit: 2 });
    expect(rows.map((row) => row.message_id)).toEqual(expected);
    expect(rows[0]).toMatchObject({ state: 'waiting', next_attempt_at: later, external_id: 'busy-anna' });
    expect(rows[1]).toMatchObject({ state: 'retrying', message_name: 'Message 4' });
    expect(await ofUser('busy-anna', { state: ['retrying'] })).toHaveLength(5);
    expect(await ofUser('busy-anna', { state: ['sent'] })).toEqual([]);
    expect(await ofUser('ben', { state: ['sent'], limit: 1 })).toHaveLength(6);
  });

  it('do not hold what went to their address while it was somebody else’s', async () => {
    await identity.upsertUser(appId, {
      identity: { external_id: 'anna' },
      subscriptions: [{ type: 'Email', token: 'shared@example.com' }],
    });
    const first = await send(['anna']);
    await identity.upsertUser(appId, {
      identity: { external_id: 'ben' },
      subscriptions: [{ type: 'Email', token: 'shared@example.com' }],
    });
    const second = await send(['ben']);
    expect((await ofUser('ben')).map((row) => row.message_id)).toEqual([second]);
    expect((await ofUser('anna')).map((row) => row.message_id)).toEqual([first]);
  });

  it('are refused for nobody, and with the cursor of another user', async () => {
    for (const name of ['anna', 'ben']) await makeUser(name);
    await send(['anna', 'ben']);
    await send(['anna', 'ben']);
    await expect(pageOf('nobody', {})).rejects.toThrow("doesn't match an existing user");
    const { next_cursor: cursor } = await pageOf('anna', { limit: 1 });
    await expect(pageOf('ben', { cursor })).rejects.toThrow('cursor must be');
  });

  it('end when all attempts are used up', async () => {
    await makeUser('busy-1');
    await send(['busy-1']);
    const { sender } = processOf();
    sender.start();
    await until('it has failed for good', async () => {
      await clock.advance(3 * 3_600_000);
      return (await ofUser('busy-1'))[0]?.state === 'failed';
    });
    await sender.stop();
    expect(await ofUser('busy-1')).toMatchObject([
      { attempts: 9, reason: 'gave up after 9 attempts: 450 later' },
    ]);
  });
});
