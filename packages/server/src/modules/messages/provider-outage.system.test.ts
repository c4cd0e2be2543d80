import { randomBytes } from 'node:crypto';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { SecretBox, TokenSigner } from '../../platform/crypto/index.ts';
import { statement } from '../../platform/database/database.ts';
import { connectHints } from '../../platform/database/hints.ts';
import type { Hints } from '../../platform/database/hints.ts';
import { Partitions } from '../../platform/database/partitions.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { Outbound } from '../../platform/outbound/index.ts';
import { Channels, startSmtpReceiver } from '../channels/index.ts';
import type { SmtpReceiver } from '../channels/index.ts';
import { Identity } from '../identity/index.ts';
import { parseMessage } from './create/parse-message.ts';
import {
  FeedData,
  MessageViews,
  createEmailDeliverer,
  createActivityDeliverer,
  createPushDeliverer,
  createRenderer,
  createSmsDeliverer,
  deliverByChannel,
} from './index.ts';
import type { Sender } from './index.ts';
import { Circuits } from './send/circuits.ts';
import { composeSendingProcess } from './sending-process.ts';

const PEOPLE = 400;
const SECOND_MS = 1_000;
/** What the sandbox's account can use at a time: 5 connections, 8 mails each, 5 handfuls. */
const UNDER_WAY = 200;
const ATTEMPTS = statement(
  'test.attempts',
  `select state, attempts, count(*)::int as count from deliveries where message_id = any($1) group by state, attempts`,
);
const RETRIES = statement(
  'test.retries',
  `select count(*)::int as waiting, max(attempts)::int as most from delivery_retries where message_id = any($1)`,
);

const clock = new FakeClock();
const log = createLog({ level: 'silent' });
const appId = newId();
const arrived = new Map<string, number>();
const circuits = new Circuits();
let db: TestDatabase;
let hints: Hints;
let channels: Channels;
let receiver: SmtpReceiver;
let isUp = true;
let port = 0;
let sender: Sender;
let process: ReturnType<typeof composeSendingProcess>;
let renderer: ReturnType<typeof createRenderer>;

/** Before the mail server: keeps its port while it is down, and hangs up on everyone then. */
const door = createServer((socket) => {
  socket.on('error', () => undefined);
  if (!isUp) return socket.destroy();
  const inside = connect(receiver.port, '127.0.0.1');
  inside.on('error', () => undefined);
  socket.pipe(inside).pipe(socket);
});

beforeAll(async () => {
  db = await createTestDatabase();
  const { database } = db;
  await database.run(
    statement(
      'test.app',
      `with made as (insert into organizations (id, name, created_at, updated_at) values ($1, 'o', now(), now()))
       insert into apps (id, organization_id, name, created_at, updated_at) values ($1, $1, 'a', now(), now())`,
    ),
    [appId],
  );
  hints = await connectHints(database, log);
  receiver = await startSmtpReceiver({
    clock,
    host: '127.0.0.1',
    port: 0,
    keepsBodies: false,
    take: async ({ recipient }) => void arrived.set(recipient, (arrived.get(recipient) ?? 0) + 1),
  });
  await new Promise<void>((resolve) => void door.listen(0, '127.0.0.1', resolve));
  ({ port } = door.address() as AddressInfo);
  const keys = { current: randomBytes(32), previous: [] };
  channels = new Channels({
    database,
    clock,
    log,
    box: new SecretBox(keys),
    signer: new TokenSigner(keys),
    publicUrl: () => 'http://127.0.0.1',
    messageIdDomain: 'carillon.example',
    outboundAllowed: [],
    partitions: new Partitions(database),
    waiting: { free: async () => undefined, tell: () => undefined },
    onNews: () => undefined,
    obeyKeyword: async () => undefined,
    recordReceipts: async () => undefined,
    sandbox: {
      host: '127.0.0.1',
      get smtpPort() {
        return port;
      },
      apnsOrigin: '',
      fcmOrigin: '',
      webPushOrigin: '',
      huaweiOrigin: '',
      admOrigin: '',
      twilioOrigin: '',
      vonageOrigin: '',
      snsOrigin: '',
      mailApisOrigin: '',
      smppPort: 0,
    },
  });
  circuits.on(({ channel, provider: name }, state) => {
    const pause = state.kind === 'open' ? state : null;
    if (state.kind !== 'probing') channels.health.note({ appId, channel, name }, pause);
  });
  renderer = createRenderer({ workers: 1, clock, log });
  const identity = new Identity({ database, clock });
  const partitions = new Partitions(database);
  await partitions.ahead(Date.now());
  const shared = {
    renderer,
    circuits,
    clock,
    appNames: async () => null,
    templateName: async () => null,
    unsubscribeToken: () => '',
    subscriptionsOf: async () => new Map(),
  };
  const email = createEmailDeliverer({
    ...shared,
    providers: (id) => channels.emailProviders(id),
    utmOf: async () => null,
    filesOf: async () => ({ ok: true, files: [] }),
    feedData: new FeedData({ feeds: { find: async () => null }, renderer, outbound: new Outbound([]) }),
  });
  const push = createPushDeliverer({
    ...shared,
    providers: async () => [],
    confirmsDelivery: async () => false,
    deliverLiveActivity: createActivityDeliverer({ database, clock }),
  });
  const sms = createSmsDeliverer({
    judgeSenders: async () => new Map(),
    ...shared,
    providers: async () => [],
  });
  process = composeSendingProcess({
    database,
    clock,
    hints,
    partitions,
    identity,
    leaseMs: 60_000,
    pageSize: 500,
    circuits,
    ...deliverByChannel({ email, push, sms }),
  });
  ({ sender } = process);
  await Promise.all(
    Array.from({ length: PEOPLE }, (_, n) =>
      identity.upsertUser(appId, {
        identity: { external_id: `user-${n}` },
        subscriptions: [{ type: 'Email', token: `user-${n}@example.com` }],
      }),
    ),
  );
  sender.start();
});
afterAll(async () => {
  await sender.stop();
  await channels.close();
  await renderer.close();
  door.close();
  await receiver.close();
  await hints.end();
  await db.drop();
});

function send(audience: object) {
  const body = { target_channel: 'email' as const, email_subject: 'Hello', email_body: '<p>Hello</p>' };
  return process.creator.create(parseMessage(appId, { app_id: appId, ...body, ...audience }));
}

describe('a mail server that is down for ten minutes', () => {
  it('costs no attempt and no recipient, and gets everything once when it is back', async () => {
    const views = new MessageViews(db.database, async () => []);
    isUp = false;
    const names = Array.from({ length: PEOPLE }, (_, n) => `user-${n}`);
    const ids: string[] = [];
    for (const name of names.slice(0, 30)) {
      ids.push((await send({ include_aliases: { external_id: [name] } })).answer.id);
    }
    ids.push((await send({ included_segments: ['Subscribed Users'] })).answer.id);
    await until('the provider is given a rest', () => circuits.broken().length === 1);
    await until('its state is told', async () => {
      const status = (await channels.health.statusesOf(appId, 'email')).get('main');
      return status?.state === 'paused' && status.reason !== '';
    });
    const end = clock.now() + 600 * SECOND_MS;
    while (clock.now() < end) {
      await clock.advance(5 * SECOND_MS);
      await until('whoever tries the provider is back', () =>
        circuits.broken().every(({ state }) => state.kind === 'open' && state.until > clock.now()),
      );
    }
    const [retries] = await db.database.rows<{ waiting: number; most: number }>(RETRIES, [ids]);
    // What was under way when it went down, and a few at each try.
    expect(retries?.waiting).toBeLessThan(UNDER_WAY + 30 + 8 * 15);
    expect(retries?.most).toBeLessThanOrEqual(3);

    isUp = true;
    await until('everything is sent', async () => {
      await clock.advance(SECOND_MS);
      const found = await Promise.all(ids.map((id) => views.one(appId, id)));
      return found.every((message) => message.completed_at !== null);
    });
    const rows = await db.database.rows<{ state: string; attempts: number; count: number }>(ATTEMPTS, [ids]);
    expect(rows.map(({ state }) => state)).toEqual(rows.map(() => 'sent'));
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(PEOPLE + 30);
    expect(Math.max(...rows.map(({ attempts }) => attempts))).toBeLessThanOrEqual(4);
    expect(arrived.size).toBe(PEOPLE);
    expect([...arrived.values()].reduce((sum, count) => sum + count, 0)).toBe(PEOPLE + 30);
    await channels.health.settled();
    expect([...(await channels.health.statusesOf(appId, 'email'))]).toEqual([]);
  });
});
