import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import aws4 from 'aws4';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MailingServer } from './fixtures/mailing-server.ts';

let server: MailingServer;
let warehouse: TestDatabase;
let bucket: Server;
/** By key: what was put there last. */
const files = new Map<string, Buffer>();
const puts: { readonly key: string; readonly isSigned: boolean }[] = [];
/** How many of the next puts are stored and then not answered. */
let lostAnswers = 0;

beforeAll(async () => {
  warehouse = await createTestDatabase();
  bucket = createServer((request, response) => {
    void take(request).then((status) =>
      status === 0 ? response.destroy() : response.writeHead(status).end(),
    );
  });
  bucket.listen(0, '127.0.0.1');
  await once(bucket, 'listening');
  server = await MailingServer.start({ CARILLON_OUTBOUND_ALLOWED: '127.0.0.1,::1' });
});
afterAll(async () => {
  await server.stop();
  await warehouse.drop();
  bucket.closeAllConnections();
  bucket.close();
});

async function take(request: IncomingMessage): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { authorization = '', host, 'x-amz-date': date, ...headers } = request.headers;
  const again = aws4.sign(
    {
      service: 's3',
      region: 'eu-central-1',
      method: 'PUT',
      path: request.url ?? '',
      body,
      headers: {
        'content-type': String(headers['content-type']),
        'content-length': String(headers['content-length']),
        'x-amz-content-sha256': String(headers['x-amz-content-sha256']),
        Host: host,
        'X-Amz-Date': String(date),
      },
    },
    { accessKeyId: 'AK', secretAccessKey: 'SK' },
  );
  const isSigned = again.headers?.['Authorization'] === authorization;
  const key = request.url ?? '';
  puts.push({ key, isSigned });
  if (!isSigned) return 403;
  files.set(key, body);
  if (lostAnswers > 0) {
    lostAnswers -= 1;
    return 0;
  }
  return 200;
}

const of = (path = '') => server.of(`event_streams${path}`);
const view = (name: string) => server.done('GET', of(`/${name}`));

/** What the whole feed tells: ids of its events. */
async function feedIds(count: number): Promise<string[]> {
  return until('the feed tells of all', async () => {
    const { events } = await server.done('GET', server.of('feed?limit=10000'));
    return events.length >= count && events.map(({ id }: { id: string }) => id);
  });
}

async function mail(name: string, count: number): Promise<void> {
  const emails = Array.from({ length: count }, (_, n) => `${name}-${n}@example.com`);
  const { body } = await server.send({ email_to: emails, name });
  await server.ended(body.id);
}

/** What is in the table. */
function rows() {
  return warehouse.database.rows<{ event_id: string; event_kind: string }>({
    name: '',
    text: 'select * from carillon_events order by event_timestamp',
  });
}

describe('an event stream to a table', () => {
  it('writes each event as one row, also when it is replayed', async () => {
    const { hostname, port, pathname, username, password } = new URL(warehouse.url);
    const url = `postgres://${username}:${password}@${hostname}:${port}${pathname}`;
    await server.done('PUT', of('/table'), { kind: 'postgres', url, from: 'oldest', retry_schedule: [1] });
    await mail('table', 20);
    const ids = await feedIds(40);
    await until('all are there', async () => (await view('table')).lag.events === 0);
    const told = await rows();
    expect(told.map(({ event_id: id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(told.find(({ event_kind: kind }) => kind === 'message.email.sent')).toMatchObject({
      subscription_device_type: 'Email',
      app_id: server.carillon.appId,
      message_name: 'table',
      message_title: 'Hello',
      message_contents: null,
      failure_reason: null,
      subscribed: true,
    });
    const { delivered } = await view('table');
    await server.done('POST', of('/table/replay'), { from: '2026-01-01T00:00:00Z' });
    await until(
      'all were written again',
      async () => (await view('table')).delivered === delivered + ids.length,
    );
    expect(await rows()).toHaveLength(ids.length);
    expect(JSON.stringify(await view('table'))).not.toContain(password === '' ? pathname : password);
  });

  it('tells why it cannot write, and writes all once it can', async () => {
    const before = (await rows()).length;
    await warehouse.database.run({ name: '', text: 'alter table carillon_events rename to away' });
    await warehouse.database.run({ name: '', text: 'create view carillon_events as select 1 as one' });
    await server.done('POST', of('/table/pause'));
    await server.done('PUT', of('/table'), {
      kind: 'postgres',
      url: warehouse.url,
      retry_schedule: [1, 1, 1, 1, 1, 1, 1, 1],
    });
    await server.done('POST', of('/table/resume'));
    await mail('later', 5);
    await until('it has failed', async () =>
      /carillon_events/.test((await view('table')).last_failure ?? ''),
    );
    await warehouse.database.run({ name: '', text: 'drop view carillon_events' });
    await warehouse.database.run({ name: '', text: 'alter table away rename to carillon_events' });
    const ids = await feedIds(before + 10);
    await until('all are read', async () => (await view('table')).lag.events === 0);
    expect(await rows()).toHaveLength(ids.length);
  });

  it('goes nowhere that requests may not go', async () => {
    const url = 'postgres://user:secret@10.0.0.1:5432/inside';
    await server.done('PUT', of('/inside'), { kind: 'postgres', url, retry_schedule: [3_600] });
    expect(await server.done('POST', of('/inside/test'))).toMatchObject({
      outcome: 'failed',
      reason: '10.0.0.1 is not on the public internet',
    });
    await server.done('DELETE', of('/inside'));
  });
});

describe('an event stream to files', () => {
  it('writes every event into one file, also when an answer is lost', async () => {
    lostAnswers = 2;
    const endpoint = `http://127.0.0.1:${(bucket.address() as AddressInfo).port}`;
    await server.done('PUT', of('/files'), {
      kind: 's3',
      endpoint,
      region: 'eu-central-1',
      bucket: 'events',
      prefix: 'shop/raw',
      access_key_id: 'AK',
      secret_access_key: 'SK',
      every_seconds: 1,
      from: 'oldest',
      retry_schedule: [1, 1, 1, 1],
    });
    await mail('files', 10);
    const ids = await feedIds(70);
    await until('all are there', async () => (await view('files')).lag.events === 0);
    const lines = [...files.values()].flatMap((file) => gunzipSync(file).toString().trim().split('\n'));
    const told = lines.map((line) => JSON.parse(line) as { event_id: string });
    expect(told.map(({ event_id: id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(puts.every(({ isSigned }) => isSigned)).toBe(true);
    expect(puts.length).toBeGreaterThan(files.size);
    for (const key of files.keys()) {
      expect(key).toMatch(/^\/events\/shop\/raw\/\d{4}\/\d\d\/\d\d\/\d\d\/[0-9a-f-]{36}\.jsonl\.gz$/);
    }
  });

  it('writes Parquet where that is asked for, with times as times', async () => {
    const endpoint = `http://127.0.0.1:${(bucket.address() as AddressInfo).port}`;
    await server.done('PUT', of('/parquet'), {
      kind: 's3',
      endpoint,
      region: 'eu-central-1',
      bucket: 'parquet',
      access_key_id: 'AK',
      secret_access_key: 'SK',
      every_seconds: 1,
      format: 'parquet',
      from: 'oldest',
      retry_schedule: [1, 1, 1, 1],
    });
    const { events } = await server.done('GET', server.of('feed?limit=10000'));
    await until('all are there', async () => (await view('parquet')).lag.events === 0);
    const keys = [...files.keys()].filter((key) => key.startsWith('/parquet/'));
    const rows = await Promise.all(
      keys.map(async (key) => {
        const { buffer, byteOffset, byteLength } = files.get(key)!;
        const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
        return parquetReadObjects({ file });
      }),
    );
    const byId = new Map(rows.flat().map((row) => [row['event_id'], row]));
    expect(byId.size).toBe(events.length);
    for (const { id, kind, at, address } of events) {
      expect(byId.get(id)).toMatchObject({
        event_kind: kind,
        event_timestamp: new Date(at),
        token: address,
        subscribed: true,
        url: null,
      });
    }
    for (const key of keys) expect(key).toMatch(/\.parquet$/);
  });
});
