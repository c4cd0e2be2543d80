import { createConnection } from 'mysql2/promise';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { missingMariaDb, startMariaDb, until } from '@carillon/test-kit';
import type { MariaDb } from '@carillon/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingKafka, startKafka } from './fixtures/kafka-broker.ts';
import type { KafkaBroker, KafkaRecord } from './fixtures/kafka-broker.ts';
import { MailingServer } from './fixtures/mailing-server.ts';
import { missingNats, startNats } from './fixtures/nats-server.ts';
import type { NatsServer } from './fixtures/nats-server.ts';

const EVERYTHING = { filters: { kinds: ['*'] }, from: 'oldest', retry_schedule: [1, 1, 1, 1, 1, 1, 1, 1] };
const USERS = ['anna', 'ben', 'carla', 'dora'];

let server: MailingServer;
let number = 0;

beforeAll(async () => {
  server = await MailingServer.start({ CARILLON_OUTBOUND_ALLOWED: '127.0.0.1,::1' });
  await server.done('PUT', server.of('feed/topics'), { topics: ['custom_events'] });
  for (const name of USERS) {
    await server.done('POST', server.of('users'), { identity: { external_id: name } });
  }
});
afterAll(() => server.stop());

const of = (path = '') => server.of(`event_streams${path}`);
const view = (name: string) => server.done('GET', of(`/${name}`));
const set = (name: string, body: object) => server.done('PUT', of(`/${name}`), { ...EVERYTHING, ...body });

/** Events of every user, counted, so that their order can be told. */
async function happen(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    number += 1;
    const events = USERS.map((name) => ({
      name: 'tick',
      external_id: name,
      payload: { n: number, é: '日本' },
    }));
    await server.done('POST', server.of('custom_events'), { events });
  }
}

async function feed(): Promise<{ id: string; external_id: string; at: string }[]> {
  const all = [];
  for (let cursor = 'start'; ;) {
    const page = await server.done('GET', server.of(`feed?kinds=*&limit=10000&cursor=${cursor}`));
    all.push(...page.events);
    if (!page.has_more) return all;
    cursor = page.cursor;
  }
}

async function read(name: string): Promise<void> {
  await until('all is read', async () => {
    const { lag, last_failure: failure } = await view(name);
    return lag.events === 0 || (failure !== null && Promise.reject(new Error(failure)));
  });
}

const sorted = (ids: readonly string[]) => ids.toSorted();

/** Whether a sink can be tried here; what cannot is named on the error output. */
function missing(why: string | null, what: string): boolean {
  if (why !== null) process.stderr.write(`${what} is not tried: ${why}\n`);
  return why !== null;
}

describe.skipIf(missing(missingMariaDb(), 'a stream to a table of MySQL'))(
  'an event stream to a table of MySQL',
  () => {
    let maria: MariaDb;
    let connection: Connection;

    beforeAll(async () => {
      maria = await startMariaDb();
      connection = await createConnection({ uri: maria.url, timezone: 'Z' });
      await connection.query('create database warehouse');
      await connection.query('use warehouse');
    });
    afterAll(async () => {
      await connection?.end();
      await maria?.stop();
    });
    const rows = async () => (await connection.query<RowDataPacket[]>('select * from carillon_events'))[0];

    it('writes each event as one row, also when it is replayed, and goes on when its connection is cut', async () => {
      await happen(5);
      await set('mysql', { kind: 'mysql', url: `${maria.url}/warehouse` });
      await read('mysql');
      const [first] = await rows();
      expect(first).toMatchObject({
        event_kind: 'custom_event',
        app_id: server.carillon.appId,
        subscribed: null,
      });
      expect(JSON.parse(first?.['data'])).toEqual({
        name: 'tick',
        properties: { n: expect.any(Number), é: '日本' },
      });
      const told = (await feed()).find(({ id }) => id === first?.['event_id']);
      expect(told).toMatchObject({ at: first?.['event_timestamp'].toISOString() });
      const [processes] = await connection.query<RowDataPacket[]>('show processlist');
      for (const { Id: id, db } of processes) {
        if (db === 'warehouse' && id !== connection.threadId) await connection.query(`kill ${id}`);
      }
      await happen(5);
      await until('the rest has come, too', async () => (await rows()).length === (await feed()).length);
      await server.done('POST', of('/mysql/replay'), { from: '2026-01-01T00:00:00Z' });
      await until(
        'all was read again',
        async () => (await view('mysql')).delivered >= 2 * (await feed()).length,
      );
      expect(sorted((await rows()).map((row) => row['event_id']))).toEqual(
        sorted((await feed()).map(({ id }) => id)),
      );
      const { attempts } = await server.done('GET', of('/mysql/attempts'));
      expect(attempts[0].answer).toBe('0 rows are new');
    });

    it('says why it cannot write', async () => {
      await set('refused', { kind: 'mysql', url: maria.url.replace('tester:', 'nobody:') + '/warehouse' });
      expect(await server.done('POST', of('/refused/test'))).toMatchObject({
        outcome: 'failed',
        reason: expect.stringContaining('Access denied'),
      });
      await set('inside', { kind: 'mysql', url: 'mysql://a:b@10.0.0.1/x' });
      expect(await server.done('POST', of('/inside/test'))).toMatchObject({
        reason: '10.0.0.1 is not on the public internet',
      });
      for (const name of ['refused', 'inside']) await server.done('DELETE', of(`/${name}`));
    });
  },
);

describe.skipIf(missing(missingNats(), 'a stream to NATS'))('an event stream to NATS JetStream', () => {
  let nats: NatsServer;

  beforeAll(async () => {
    nats = await startNats();
    await nats.addStream('events', ['shop.>']);
  });
  afterAll(() => nats?.close());
  const target = (more: object = {}) => ({
    kind: 'nats',
    servers: [nats.place],
    tls: false,
    subject: 'shop',
    token: nats.token,
    ...more,
  });

  it('publishes each event once under its id, also when it is replayed, in the order of each user', async () => {
    await happen(5);
    await set('nats', target());
    await read('nats');
    const ids = (await feed()).map(({ id }) => id);
    await server.done('POST', of('/nats/replay'), { from: '2026-01-01T00:00:00Z' });
    await until('all was read again', async () => (await view('nats')).delivered === 2 * ids.length);
    const messages = await nats.messages('events');
    expect(sorted(messages.map(({ id }) => id))).toEqual(sorted(ids));
    expect(new Set(messages.map(({ subject }) => subject))).toEqual(new Set(['shop.custom_event']));
    expectOrder(messages.map(({ json }) => (json as Told).data));
    expect(JSON.stringify(await view('nats'))).not.toContain(nats.token);
  });

  it('says when no stream takes what it publishes, and when it may not', async () => {
    await set('elsewhere', target({ subject: 'elsewhere' }));
    expect(await server.done('POST', of('/elsewhere/test'))).toMatchObject({
      outcome: 'failed',
      reason: 'no stream of JetStream takes this subject: make one for it',
    });
    await set('elsewhere', target({ token: 'wrong' }));
    expect((await server.done('POST', of('/elsewhere/test'))).reason).toMatch(/authorization/i);
    await set('elsewhere', target({ servers: ['10.0.0.1:4222'] }));
    expect((await server.done('POST', of('/elsewhere/test'))).reason).toBe(
      '10.0.0.1 is not on the public internet',
    );
    await server.done('DELETE', of('/elsewhere'));
  });
});

describe.skipIf(missing(missingKafka(), 'a stream to Kafka'))('an event stream to Kafka', () => {
  let kafka: KafkaBroker;

  beforeAll(async () => {
    kafka = await startKafka('shop-events');
  });
  afterAll(() => kafka?.close());

  it('produces every event at least once, with its user as the key, in the order of each user', async () => {
    await happen(5);
    await set('kafka', { kind: 'kafka', brokers: [kafka.place], tls: false, topic: 'shop-events' });
    await read('kafka');
    const events = await feed();
    const told = await until('all have come', () => {
      const byId = new Map(kafka.records.map((record) => [eventOf(record).id, record]));
      return byId.size >= events.length && [...byId.values()];
    });
    expect(sorted(told.map((record) => eventOf(record).id))).toEqual(sorted(events.map(({ id }) => id)));
    expectOrder(told.map(eventOf));
    for (const record of told) {
      const { id, onesignal_id: user } = eventOf(record);
      expect([record.key, record.headers[1]]).toEqual([user, id]);
      expect(record.partition).toBe(told.find(({ key }) => key === record.key)?.partition);
    }
  });

  it('says why it cannot produce', async () => {
    await set('nowhere', { kind: 'kafka', brokers: ['10.0.0.1:9092'], tls: false });
    expect((await server.done('POST', of('/nowhere/test'))).reason).toContain(
      '10.0.0.1 is not on the public internet',
    );
    await server.done('DELETE', of('/nowhere'));
  });
});

describe('sinks', () => {
  it.each([
    ['mysql', { url: 'mysql://user@host' }, /^url must name a host and a database/],
    ['nats', { servers: ['host'] }, /servers/],
    ['nats', { servers: ['host:1'], user: 'a' }, /^password must be given with user/],
    [
      'nats',
      { servers: ['host:1'], user: 'a', password: 'b', token: 'c' },
      /^token must not stand beside user/,
    ],
    ['kafka', { brokers: [] }, /brokers/],
    [
      'kafka',
      { brokers: ['host:1'], sasl: { mechanism: 'plain', username: 'a' } },
      /^sasl.password must be given at first/,
    ],
  ])('are refused when they could not work: %s %j', async (kind, body, rule) => {
    const answer = await server.call('PUT', of('/strict'), { kind, ...body });
    expect([answer.status, answer.body.errors[0].title]).toEqual([400, expect.stringMatching(rule)]);
  });
});

interface Told {
  readonly data: {
    readonly id: string;
    readonly onesignal_id: string;
    readonly external_id: string;
    readonly data: { readonly properties: { readonly n: number } };
  };
}

const eventOf = ({ payload }: KafkaRecord) => (JSON.parse(payload) as Told).data;

function expectOrder(events: readonly Told['data'][]): void {
  for (const name of USERS) {
    const numbers = events.filter((event) => event.external_id === name).map(({ data }) => data.properties.n);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(numbers.length).toBeGreaterThan(0);
  }
}
