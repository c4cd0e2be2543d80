import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { connectHints } from '../../platform/database/hints.ts';
import type { Hints } from '../../platform/database/hints.ts';
import { Partitions } from '../../platform/database/partitions.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import type { AppProvider, Envelope, Outcome, RenderedPush, RenderedSms } from '../channels/index.ts';
import { Identity } from '../identity/index.ts';
import { parseMessage } from './create/parse-message.ts';
import {
  MessageViews,
  createActivityDeliverer,
  createPushDeliverer,
  createRenderer,
  createSmsDeliverer,
  deliverByChannel,
} from './index.ts';
import type { Deliverer, MessageCreator, Renderer, Sender } from './index.ts';
import type { EmailContent } from '../templates/index.ts';
import { Circuits } from './send/circuits.ts';
import { composeSendingProcess } from './sending-process.ts';

const log = createLog({ level: 'silent' });
const clock = new FakeClock();
/** The only provider of its kind. */
const ALONE = { name: 'main', order: 1, weight: 100, quota: null, domainLimits: null };
const SENT: Outcome = { state: 'sent', ref: null };

let db: TestDatabase;
let hints: Hints;
let renderer: Renderer;
let identity: Identity;
let partitions: Partitions;
let appId: string;
let creator: MessageCreator;
let sender: Sender;
let views: MessageViews;
/** What was handed over, by channel. */
let pushed: { transport: string; envelope: Envelope<RenderedPush> }[];
let texted: Envelope<RenderedSms>[];
/** What a push service answers, by token. */
let answers: Map<string, Outcome>;
/** Push services that say "not now" to everybody. */
let down: Set<string>;
/** Kinds of devices that nobody is set up for. */
let missing: Set<string>;

beforeAll(async () => {
  db = await createTestDatabase();
  hints = await connectHints(db.database, log);
  renderer = createRenderer({ workers: 1, clock, log });
  partitions = new Partitions(db.database);
  await partitions.ahead(Date.now());
});
afterAll(async () => {
  await renderer.close();
  await hints.end();
  await db.drop();
});

beforeEach(() => {
  appId = newId();
  pushed = [];
  texted = [];
  answers = new Map();
  down = new Set();
  missing = new Set();
  identity = new Identity({ database: db.database, clock, partitions });
  const circuits = new Circuits();
  const shared = {
    renderer,
    circuits,
    clock,
    appNames: async () => ({ name: 'Shop', org: { id: 'o', name: 'Org' } }),
    templateName: async () => null,
    unsubscribeToken: () => 'token',
    subscriptionsOf: async () => new Map(),
  };
  const push = createPushDeliverer({
    ...shared,
    providers: async (_, transport) => (missing.has(transport) ? [] : [pushService(transport)]),
    confirmsDelivery: async () => true,
    deliverLiveActivity: createActivityDeliverer({ database: db.database, clock }),
  });
  const sms = createSmsDeliverer({
    judgeSenders: async () => new Map(),
    ...shared,
    providers: async () => [textService],
  });
  const email: Deliverer<EmailContent> = {
    deliver: () => Promise.reject(new Error('nothing here is an email')),
    provider: () => Promise.reject(new Error('nothing here is an email')),
  };
  ({ creator, sender } = composeSendingProcess({
    database: db.database,
    clock,
    hints,
    partitions,
    identity,
    leaseMs: 60_000,
    pageSize: 100,
    circuits,
    ...deliverByChannel({ email, push, sms }),
  }));
  views = new MessageViews(db.database, async () => []);
  sender.start();
});
afterEach(() => sender.stop());

function pushService(transport: string): AppProvider<RenderedPush> {
  return {
    ...ALONE,
    account: { key: transport, settings: {} },
    channel: {
      capacity: () => 1_000,
      async deliver(_, page) {
        if (down.has(transport)) {
          return page.map(() => ({ state: 'retry', reason: '503 away', afterMs: null }) as const);
        }
        for (const envelope of page) pushed.push({ transport, envelope });
        return page.map(({ recipient }) => answers.get(recipient.token) ?? SENT);
      },
    },
  };
}

const textService: AppProvider<RenderedSms> = {
  ...ALONE,
  account: { key: 'texts', settings: {} },
  channel: {
    capacity: () => 1_000,
    async deliver(_, page) {
      texted.push(...page);
      return page.map(() => SENT);
    },
  },
};

const APNS = 'ab'.repeat(32);
const ENDPOINT = 'https://push.example/wpush/1';

/** Somebody with a phone of each kind, a browser and a number. */
async function makePerson(name: string, more: { language?: string; ios?: string } = {}) {
  const { user } = await identity.upsertUser(appId, {
    identity: { external_id: name },
    properties: { language: more.language ?? 'en', tags: { first_name: name } },
    subscriptions: [
      { type: 'iOSPush', token: more.ios ?? APNS },
      { type: 'AndroidPush', token: `android-${name}` },
      { type: 'ChromePush', token: `${ENDPOINT}-${name}`, web_auth: 'auth', web_p256: 'key' },
      { type: 'SMS', token: `+1555010${String(1000 + name.length)}` },
    ],
  });
  return user;
}

async function send(body: object): Promise<string> {
  const { answer } = await creator.create(parseMessage(appId, { app_id: appId, ...body }));
  return answer.id;
}

const done = (id: string) =>
  until('the message is done', async () => {
    const view = await views.one(appId, id);
    return view.completed_at !== null && view;
  });

const to = (...names: string[]) => ({ include_aliases: { external_id: names }, target_channel: 'push' });

describe('a push message', () => {
  it('goes to each device of a person by its own way, filled in and with what the request said', async () => {
    await makePerson('Ann');
    const id = await send({
      ...to('Ann'),
      headings: { en: 'Hello {{ user.tags.first_name }}' },
      contents: { en: 'It is on its way, {{ user.tags.first_name }}' },
      web_url: 'https://shop.example/{{ user.tags.first_name }}',
      ios_attachments: { one: 'https://shop.example/{{ user.tags.first_name }}.png' },
      ios_sound: 'bell.wav',
      data: { order: 7 },
      ttl: 60,
    });
    const view = await done(id);
    expect(pushed.map(({ transport }) => transport).toSorted()).toEqual([
      'android_push',
      'ios_push',
      'web_push',
    ]);
    for (const { envelope } of pushed) {
      expect(envelope.content).toEqual({
        appId,
        template: null,
        title: 'Hello Ann',
        subtitle: null,
        body: 'It is on its way, Ann',
        fields: {
          web_url: 'https://shop.example/Ann',
          ios_attachments: { one: 'https://shop.example/Ann.png' },
          ios_sound: 'bell.wav',
          data: { order: 7 },
          ttl: 60,
        },
        confirmsDelivery: true,
        expiresAt: clock.now() + 60_000,
      });
    }
    const web = pushed.find(({ transport }) => transport === 'web_push')?.envelope.recipient;
    expect(web).toMatchObject({ token: `${ENDPOINT}-Ann`, device: { web_auth: 'auth', web_p256: 'key' } });
    const one = { successful: 1, failed: 0, errored: 0, converted: 0, received: 0 };
    expect(view).toMatchObject({ successful: 3, errored: 0 });
    expect(view.platform_delivery_stats).toEqual({ ios: one, android: one, chrome_web_push: one });
  });

  it('is in the language of its reader, as far as it has it', async () => {
    await makePerson('Ann', { ios: 'a1'.repeat(32) });
    await makePerson('Bernd', { language: 'de', ios: 'b1'.repeat(32) });
    await makePerson('Chico', { language: 'pt-BR', ios: 'c1'.repeat(32) });
    await makePerson('Dora', { language: 'sv', ios: 'd1'.repeat(32) });
    const contents = { en: 'Hello', de: 'Hallo {{ user.tags.first_name }}', pt: 'Olá' };
    await done(await send({ ...to('Ann', 'Bernd', 'Chico', 'Dora'), contents, isIos: true }));
    const said = pushed.map(({ envelope }) => [envelope.recipient.token.slice(0, 2), envelope.content.body]);
    expect(Object.fromEntries(said)).toEqual({ a1: 'Hello', b1: 'Hallo Bernd', c1: 'Olá', d1: 'Hello' });
  });

  it.each<[string, object]>([
    ['to named people', to('Ann')],
    ['to an audience', { included_segments: ['Subscribed Users'] }],
  ])('%s leaves out the platforms that are not named, where one is', async (_, targets) => {
    await makePerson('Ann');
    await done(await send({ ...targets, contents: { en: 'Hello' }, isAndroid: true, isAnyWeb: true }));
    expect(pushed.map(({ transport }) => transport).toSorted()).toEqual(['android_push', 'web_push']);
  });

  it('switches off the subscription whose token its service knows no more, and no other', async () => {
    const ann = await makePerson('Ann');
    answers.set('android-Ann', {
      state: 'failed',
      reason: '404 UNREGISTERED',
      address: { notificationTypes: -10 },
    });
    const view = await done(await send({ ...to('Ann'), contents: { en: 'Hello' } }));
    expect(view.platform_delivery_stats).toMatchObject({ android: { successful: 0, errored: 1 } });
    const { subscriptions } = await identity.users.view(appId, {
      by: 'id',
      id: ann.identity['onesignal_id'] ?? '',
    });
    const states = subscriptions.map(({ type, enabled, notification_types }) => [
      type,
      enabled,
      notification_types,
    ]);
    expect(states).toContainEqual(['AndroidPush', false, -10]);
    expect(states).toContainEqual(['iOSPush', true, 1]);
    const again = await done(await send({ ...to('Ann'), contents: { en: 'Hello' } }));
    expect(again).toMatchObject({ successful: 2, failed: 1 });
  });

  it('waits for a kind of device whose service is down, while the others get theirs', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `P${n}`);
    for (const [n, name] of names.entries()) {
      await makePerson(name, { ios: String(10 + n).repeat(32) });
    }
    down.add('ios_push');
    const id = await send({ included_segments: ['Subscribed Users'], contents: { en: 'Hello' } });
    await until('the others have theirs', () => pushed.length === 60);
    expect((await views.one(appId, id)).completed_at).toBeNull();
    down.clear();
    const view = await until('everybody has it', async () => {
      await clock.advance(5_000);
      const now = await views.one(appId, id);
      return now.completed_at !== null && now;
    });
    expect(view.platform_delivery_stats).toMatchObject({
      ios: { successful: 30, errored: 0 },
      android: { successful: 30 },
      chrome_web_push: { successful: 30 },
    });
  });

  it('is tried again where nobody is set up for a kind of device, with the way to set it up as the reason', async () => {
    await makePerson('Ann');
    missing.add('ios_push');
    const id = await send({ ...to('Ann'), contents: { en: 'Hello' } });
    await until('the others have theirs', () => pushed.length === 2);
    const rows = () =>
      db.database.rows<{ reason: string }>(
        { name: '', text: 'select reason from delivery_retries where message_id = $1' },
        [id],
      );
    const [row] = await until('it waits', async () => {
      const found = await rows();
      return found.length > 0 && found;
    });
    expect(row?.reason).toContain('PUT /apps/{app_id}/channels/ios_push');
  });
});

describe('a text message', () => {
  it('subscribes numbers that nobody has, and is filled in in the language of its reader', async () => {
    await makePerson('Bernd', { language: 'de' });
    const id = await send({
      include_phone_numbers: ['+1 555 010 1005', '+15550109999'],
      contents: { en: 'Hello', de: 'Hallo {{ user.tags.first_name }}' },
      sms_from: '+15550100000',
      sms_media_urls: ['https://shop.example/a.png'],
    });
    const view = await done(id);
    expect(view.platform_delivery_stats).toMatchObject({ sms: { successful: 2 } });
    const said = texted.map(({ recipient, content }) => [recipient.token, content]);
    const rest = { appId, from: '+15550100000', mediaUrls: ['https://shop.example/a.png'] };
    expect(Object.fromEntries(said)).toEqual({
      '+15550101005': { text: 'Hallo Bernd', ...rest },
      '+15550109999': { text: 'Hello', ...rest },
    });
  });

  it('names numbers that are off', async () => {
    await identity.upsertUser(appId, {
      subscriptions: [{ type: 'SMS', token: '+15550100001', enabled: false }],
    });
    const numbers = ['+15550100001', '+15550100002'];
    const draft = parseMessage(appId, {
      app_id: appId,
      include_phone_numbers: numbers,
      contents: { en: 'Hi' },
    });
    const { answer } = await creator.create(draft);
    expect(answer.errors).toEqual({ invalid_phone_numbers: ['+15550100001'] });
    expect(await done(answer.id)).toMatchObject({ successful: 1, failed: 1 });
  });

  it('can say less than an email with its custom data', async () => {
    const asked = {
      include_phone_numbers: ['+15550100002'],
      contents: { en: 'Hi' },
      custom_data: { text: 'x'.repeat(2_048) },
    };
    await expect(send(asked)).rejects.toThrow('custom_data must be at most 2048 bytes of JSON for sms');
  });
});
