import { startOneSignalFake } from '@carillon/onesignal-fake';
import type { FakeOptions, FakeUser, OneSignalFake } from '@carillon/onesignal-fake';
import { afterEach, describe, expect, it } from 'vitest';
import { onesignal } from '../../config/target.ts';
import type { OneSignalTarget } from '../../config/target.ts';
import type { MappedUser } from '../../model/map-user.ts';
import type { EventItem, MessageItem } from '../../model/outbox-item.ts';
import { nameId } from '../../model/name-id.ts';
import type { UserWrite } from '../destination.ts';
import { OneSignalDestination } from './onesignal-destination.ts';

let fake: OneSignalFake;
let destination: OneSignalDestination;
const { signal } = new AbortController();

async function start(options: FakeOptions = {}, target: Partial<OneSignalTarget> = {}): Promise<void> {
  fake = await startOneSignalFake({ templates: [{ name: 'order-shipped', channel: 'email' }], ...options });
  const { url, appId, apiKey } = fake;
  destination = new OneSignalDestination(
    { ...onesignal({ url, appId, apiKey, plan: 'professional' }), ...target },
    () => undefined,
  );
}
afterEach(async () => {
  await destination.close();
  await fake.stop();
});

function user(externalId: string, changes: Partial<MappedUser> = {}): MappedUser {
  return {
    key: externalId,
    externalId,
    aliases: {},
    properties: { tags: { plan: 'pro' }, language: 'en' },
    subscriptions: [{ type: 'Email', token: `${externalId}@example.com`, enabled: true }],
    ...changes,
  };
}

const NEW = { kind: 'new' } as const;
const ADDRESSES = { kind: 'changed', properties: false, subscriptions: true } as const;
const PROPERTIES = { kind: 'changed', properties: true, subscriptions: false } as const;

async function put(mapped: MappedUser, change: UserWrite['change'] = NEW) {
  return (await destination.putUsers([{ user: mapped, change }], signal))[0];
}

function found(externalId: string): FakeUser | undefined {
  return fake.app.people.find('external_id', externalId);
}

function addresses(externalId: string) {
  return found(externalId)?.subscriptions.map(({ token, enabled }) => `${token} ${enabled ? 'on' : 'off'}`);
}

function event(n: number, externalId: string, text = 'x'): EventItem {
  const id = nameId('event', String(n));
  return {
    kind: 'event',
    id,
    name: 'bought',
    externalId,
    at: '2026-11-01T00:00:00.000Z',
    properties: { text },
  };
}

function message(n: number, externalId: string): MessageItem {
  const id = nameId('message', String(n));
  return {
    kind: 'message',
    id,
    name: 'order_shipped',
    externalId,
    channel: 'email',
    template: 'order-shipped',
    data: {},
    notAfter: null,
  };
}

describe('a user at OneSignal', () => {
  it('is made with one request, and changed with one', async () => {
    await start();
    expect(await put(user('1', { aliases: { crm: 'c1' } }))).toEqual({ kind: 'done' });
    expect(found('1')?.aliases.get('crm')).toBe('c1');
    expect(await put(user('1', { properties: { tags: { plan: '' } } }), PROPERTIES)).toEqual({
      kind: 'done',
    });
    expect(found('1')?.tags.size).toBe(0);
    expect([...fake.requests.values()]).toEqual([1, 1]);
    expect(fake.violations.list()).toEqual([]);
  });

  it.each([true, false])(
    'who is there already gets properties and consent, whatever a create does with them (%s)',
    async (does) => {
      await start({
        leanings: {
          createSetsProperties: does,
          createChangesSubscriptions: does,
          createListsSubscriptions: does,
        },
      });
      await put(user('1'));
      const off = [{ type: 'Email', token: '1@example.com', enabled: false }] as const;
      await put(user('1', { properties: { tags: { plan: 'new' } }, subscriptions: [...off] }));
      expect(found('1')?.tags.get('plan')).toBe('new');
      expect(addresses('1')).toEqual(['1@example.com off']);
      const moved = [{ type: 'Email', token: 'new@example.com', enabled: true }] as const;
      await put(user('1', { subscriptions: [...moved] }), ADDRESSES);
      await put(user('1'), ADDRESSES);
      expect(addresses('1')).toEqual(['1@example.com on', 'new@example.com off']);
      expect(fake.violations.list()).toEqual([]);
    },
  );

  it('takes over an address that somebody else had', async () => {
    await start();
    await put(user('1'));
    await put(user('2', { subscriptions: user('1').subscriptions }));
    expect(addresses('1')).toEqual([]);
    expect(addresses('2')).toEqual(['1@example.com on']);
  });

  it('with 150 tags comes in parts of a hundred', async () => {
    await start({ plan: 'enterprise' });
    const tags = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`t${i}`, String(i)]));
    expect(await put(user('1', { properties: { tags } }))).toEqual({ kind: 'done' });
    expect(found('1')?.tags.size).toBe(150);
    expect(fake.violations.list()).toEqual([]);
  });

  it('whose alias belongs to another is rejected with the name of the alias', async () => {
    await start();
    await put(user('1', { aliases: { crm: 'c1' } }));
    const result = await put(user('2', { aliases: { crm: 'c1' } }));
    expect(result).toMatchObject({
      kind: 'rejected',
      rule: expect.stringContaining('crm belongs to another user'),
    });
  });

  it('who left is turned off or deleted, and one who is not there is done', async () => {
    await start();
    const sms = { type: 'SMS', token: '+15555550100', enabled: true } as const;
    await put(user('1', { subscriptions: [...user('1').subscriptions, sms] }));
    expect(await destination.removeUser('1', 'unsubscribe', signal)).toEqual({ kind: 'done' });
    expect(addresses('1')).toEqual(['1@example.com off', '+15555550100 off']);
    expect(await destination.removeUser('1', 'delete', signal)).toEqual({ kind: 'done' });
    expect(found('1')).toBeUndefined();
    expect(await destination.removeUser('1', 'delete', signal)).toEqual({ kind: 'done' });
    expect(await destination.removeUser('1', 'unsubscribe', signal)).toEqual({ kind: 'done' });
    expect(fake.violations.list()).toEqual([]);
  });
});

describe('limits at OneSignal', () => {
  it('hold the whole class after a 429, for as long as it says', async () => {
    await start({ rates: { users: 5 } }, { rates: { users: 400 } });
    const writes = Array.from({ length: 12 }, (_, i): UserWrite => ({ user: user(String(i)), change: NEW }));
    const results = await destination.putUsers(writes, signal);
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['done']));
    expect(fake.app.people.size).toBe(12);
    expect(fake.limits.counts().users).toMatchObject({ early: 0 });
  });

  it('are kept while answers are lost, bodies are slow and the server fails', async () => {
    await start({
      faults: {
        seed: 7,
        rates: { 'lose-answer': 0.1, unavailable: 0.1, 'slow-body': 0.1, reset: 0.1 },
        slowMs: 20,
      },
    });
    const writes = Array.from({ length: 60 }, (_, i): UserWrite => ({ user: user(String(i)), change: NEW }));
    const results = await destination.putUsers(writes, signal);
    expect(results.every(({ kind }) => kind === 'done')).toBe(true);
    expect(fake.app.people.size).toBe(60);
    expect(fake.violations.list()).toEqual([]);
  });
});

describe('events and messages at OneSignal', () => {
  it('are each answered for: taken, too large, of nobody', async () => {
    await start();
    await put(user('1'));
    const results = await destination.sendEvents(
      [event(1, '1'), event(2, '1', 'x'.repeat(2000)), event(3, 'nobody'), event(4, '1')],
      signal,
    );
    expect(results).toMatchObject([
      { kind: 'done' },
      { kind: 'rejected', rule: expect.stringContaining('OneSignal takes 2024') },
      { kind: 'rejected', rule: 'failed to find a onesignal_id for user_id nobody' },
      { kind: 'done' },
    ]);
    expect(fake.app.events.map(({ key }) => key)).toEqual([event(1, '1').id, event(4, '1').id]);
    expect(fake.violations.list()).toEqual([]);
  });

  it('reach nobody with an answer of 200, which is not asked for again', async () => {
    await start();
    await put(user('1'));
    fake.faults.set({ script: ['none', 'lose-answer'] });
    expect(await destination.sendMessage(message(1, '1'), signal)).toEqual({ kind: 'done' });
    expect(fake.app.messages.size).toBe(1);
    const before = fake.requests.get('POST /notifications');
    expect(await destination.sendMessage(message(2, 'nobody'), signal)).toEqual({
      kind: 'no-recipients',
      reason: 'All included players are not subscribed',
    });
    expect(fake.requests.get('POST /notifications')).toBe((before ?? 0) + 1);
  });
});

describe('checking OneSignal', () => {
  it('says what is missing, and leaves nothing behind', async () => {
    await start({}, { plan: 'free' });
    const findings = await destination.check({
      templates: ['order-shipped', 'nowhere'],
      tags: 3,
      sendsEvents: true,
    });
    expect(findings.map(({ what, state }) => `${what} ${state}`)).toEqual([
      'target good',
      'template order-shipped good',
      'template nowhere refused',
      'tags of a user refused',
      'custom events good',
    ]);
    expect(fake.app.events).toEqual([]);
    expect(fake.app.people.size).toBe(0);
  });

  it('counts requests and time at the published limits', async () => {
    await start();
    const cost = destination.costOf({
      newUsers: 1000,
      changedProperties: 3180,
      changedSubscriptions: 10,
      removed: 0,
      events: 600,
      messages: 0,
      propertiesPerUser: 5,
    });
    expect(cost.lines.map(({ what, requests }) => `${requests} ${what}`)).toEqual([
      '4200 user requests',
      '2 event requests',
    ]);
    expect(cost.seconds).toBeCloseTo(4200 / 900);
  });
});
