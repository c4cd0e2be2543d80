import { once } from 'node:events';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { statement } from '../../../platform/database/database.ts';
import { newId } from '../../../platform/ids.ts';
import { ndjson, readAnswer, sendBulk, startBulkServer } from './fixtures/bulk-server.ts';
import type { BulkServer } from './fixtures/bulk-server.ts';
import { BULK_LIMITS } from './bulk-limits.ts';
import type { BulkLimits } from './bulk-limits.ts';

let testDatabase: TestDatabase;
const started: BulkServer[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ server }) => server.close()));
});
afterAll(() => testDatabase.drop());

async function start(limits: Partial<BulkLimits> = {}): Promise<BulkServer> {
  const server = await startBulkServer(testDatabase.database, limits);
  started.push(server);
  return server;
}

/** A line that is refused, with as many bytes as lines have; its result has more than a hundred. */
const REFUSED = `${'[]'.padEnd(200)}\n`;
/** Their results are far more than a connection holds. */
const MANY = 120_000;

const person = (n: number | string) => ({ identity: { external_id: `user ${n}` } });
const people = (count: number) => Array.from({ length: count }, (_, n) => person(n));
const names = statement('test.names', 'select external_id from users where app_id = $1 order by external_id');
const stored = async (app: string) =>
  (await testDatabase.database.rows<{ external_id: string }>(names, [app])).map((row) => row.external_id);

/** A request of which the test writes and reads piece by piece. */
function open(
  { url }: BulkServer,
  app: string,
  headers: Record<string, string> = {},
): { out: ClientRequest; answer: Promise<IncomingMessage> } {
  const out = request(`${url}/apps/${app}/users/bulk`, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Key ${app}`, 'content-type': 'application/x-ndjson', ...headers },
  });
  const answer = once(out, 'response').then(([message]) => message as IncomingMessage);
  answer.catch(() => undefined);
  return { out, answer };
}

describe('lines', () => {
  test('are answered one by one, in their order, with what became of each', async () => {
    const server = await start();
    const app = newId();
    const lines = [
      person('a'),
      person('b'),
      person('a'),
      { ...person('a'), properties: { tags: { x: '1' } } },
    ];
    const answer = await sendBulk(server, app, ndjson(lines));
    expect(answer.results.map(({ line, status }) => [line, status])).toEqual([
      [1, 'created'],
      [2, 'created'],
      [3, 'unchanged'],
      [4, 'updated'],
    ]);
    const [first, , third] = answer.results;
    expect(first).toMatchObject({ onesignal_id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(third).toMatchObject({ onesignal_id: (first as { onesignal_id: string }).onesignal_id });
    expect(answer.summary).toEqual({
      done: true,
      lines: 4,
      created: 2,
      updated: 1,
      unchanged: 1,
      rejected: 0,
    });
  });

  test('that are wrong are refused alone, naming line, field and rule', async () => {
    const server = await start({ lineBytes: 200 });
    const app = newId();
    const lines = [
      person('ok 1'),
      '{"identity":',
      '[]',
      { identity: { external_id: 'NA' } },
      { ...person('x'), properties: { tags: { a: { b: 1 } } } },
      { ...person('x'), subscriptions: [{ type: 'Email', token: 'nobody' }] },
      { ...person('x'), properties: { tags: { long: 'x'.repeat(300) } } },
      '{"identity":{"external_id":"\\u0000"}}',
      {},
      person('ok 2'),
    ];
    const { results, summary } = await sendBulk(server, app, ndjson(lines));
    const refusals = results.map((result) =>
      result.status === 'rejected'
        ? [result.line, result.errors[0]?.code, result.errors[0]?.title]
        : result.status,
    );
    expect(refusals).toEqual([
      'created',
      [2, 'bulk-line-malformed', expect.stringContaining('The line is not valid JSON: ')],
      [3, 'request-invalid', 'The line must be an object, not an array'],
      [4, 'request-invalid', expect.stringContaining('identity.external_id must not be "NA"')],
      [
        5,
        'request-invalid',
        'properties.tags.a must be a string or a number or a boolean or null, not an object',
      ],
      [
        6,
        'request-invalid',
        'subscription.token of type Email must be an email address such as name@example.com. Given: "nobody"',
      ],
      [7, 'bulk-line-too-long', 'The line has more than 200 bytes'],
      [8, 'request-invalid', expect.stringContaining('identity.external_id must not contain NUL')],
      [9, 'user-3', 'Creating a User requires at least one Alias or Subscription'],
      'created',
    ]);
    expect(summary).toMatchObject({ done: true, lines: 10, created: 2, rejected: 8 });
    expect(await stored(app)).toEqual(['user ok 1', 'user ok 2']);
  });

  test('may end in CRLF or in nothing, may be empty, and begin with a byte order mark', async () => {
    const server = await start();
    const app = newId();
    const body = `\ufeff${JSON.stringify(person(1))}\r\n\r\n  \n${JSON.stringify(person(2))}\n\n${JSON.stringify(person(3))}`;
    const { results, summary } = await sendBulk(server, app, body);
    expect(results.map(({ line, status }) => [line, status])).toEqual([
      [1, 'created'],
      [4, 'created'],
      [6, 'created'],
    ]);
    expect(summary).toMatchObject({ done: true, lines: 3 });
    expect(await stored(app)).toEqual(['user 1', 'user 2', 'user 3']);
  });

  test('are whole wherever pieces of the body end, also inside a character', async () => {
    const server = await start();
    const app = newId();
    const body = Buffer.from(ndjson(['Zoë', '漢字', '🙂🙂', 'plain'].map(person)));
    const { out, answer } = open(server, app);
    for (const byte of body) {
      out.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    out.end();
    expect(readAnswer(200, await readText(await answer)).summary).toMatchObject({ done: true, created: 4 });
    expect((await stored(app)).toSorted()).toEqual(
      ['user Zoë', 'user plain', 'user 漢字', 'user 🙂🙂'].toSorted(),
    );
  });

  test('that are not UTF-8 are refused and not guessed at', async () => {
    const server = await start();
    const app = newId();
    const body = Buffer.concat([
      Buffer.from('{"identity":{"external_id":"Zo'),
      Buffer.from([0xeb]),
      Buffer.from('"}}\n'),
      Buffer.from(ndjson([person(2)])),
    ]);
    const { results } = await sendBulk(server, app, body);
    expect(results).toMatchObject([
      {
        line: 1,
        status: 'rejected',
        errors: [{ code: 'bulk-line-not-utf8', title: 'The line is not UTF-8' }],
      },
      { line: 2, status: 'created' },
    ]);
  });

  test('before from_line are skipped, and the others keep their numbers', async () => {
    const server = await start();
    const app = newId();
    const body = ndjson(['this is no JSON', person(2), person(3), person(4)]);
    const { results, summary } = await sendBulk(server, app, body, { query: '?from_line=3' });
    expect(results.map(({ line }) => line)).toEqual([3, 4]);
    expect(summary).toMatchObject({ done: true, lines: 2, created: 2 });
    const nothing = await sendBulk(server, app, body, { query: '?from_line=5' });
    expect([nothing.status, nothing.text]).toEqual([
      400,
      '{"errors":[{"code":"bulk-empty","title":"The request body has nothing from line 5 on. Send one user on each line, as JSON."}]}',
    ]);
    expect((await sendBulk(server, app, body, { query: '?from_line=0' })).text).toContain(
      'from_line must be at least 1',
    );
  });
});

describe('gzip', () => {
  test('is understood, also of several members', async () => {
    const server = await start();
    const app = newId();
    const [one, two] = [gzipSync(ndjson([person(1)])), gzipSync(ndjson([person(2)]))];
    const headers = { 'content-encoding': 'gzip' };
    const { summary } = await sendBulk(server, app, Buffer.concat([one, two]), { headers });
    expect(summary).toMatchObject({ done: true, created: 2 });
  });

  test('that is broken from the start is refused as a whole', async () => {
    const server = await start();
    const { status, text } = await sendBulk(server, newId(), ndjson([person(1)]), {
      headers: { 'content-encoding': 'gzip' },
    });
    expect(status).toBe(400);
    expect(text).toContain('The body is not whole and valid gzip (incorrect header check)');
  });

  test('that is cut off is worked on as far as it goes, and the last line says so', async () => {
    const server = await start();
    const app = newId();
    const whole = gzipSync(ndjson(people(5_000)));
    const { results, summary } = await sendBulk(server, app, whole.subarray(0, whole.length - 1_000), {
      headers: { 'content-encoding': 'gzip' },
    });
    expect(summary).toMatchObject({ done: false, errors: [{ code: 'bulk-gzip' }] });
    expect(summary).toMatchObject({ next_line: results.length + 1, lines: results.length });
    expect((await stored(app)).length).toBe(results.length);
    expect(results.length).toBeGreaterThan(1_000);
  });

  test('that grows beyond all bounds ends at the limit', async () => {
    const server = await start({ bytes: 1_000_000 });
    const app = newId();
    const bomb = gzipSync(Buffer.concat([Buffer.from(ndjson([person(1)])), Buffer.alloc(50_000_000, 0x20)]));
    const { results, summary } = await sendBulk(server, app, bomb, {
      headers: { 'content-encoding': 'gzip' },
    });
    expect(results).toMatchObject([{ line: 1, status: 'created' }]);
    expect(summary).toMatchObject({
      done: false,
      next_line: 2,
      errors: [
        {
          code: 'bulk-too-large',
          title:
            'The request has more than 1000000 bytes, counted after decompression. Send the lines from 2 on in another request.',
        },
      ],
    });
  });
});

describe('a request', () => {
  test.each([
    [
      { 'content-type': 'application/json' },
      415,
      'Send it with Content-Type: application/x-ndjson, not application/json.',
    ],
    [
      { 'content-encoding': 'br' },
      415,
      'Content-Encoding br is not understood here. Send the body as it is, or with gzip.',
    ],
    [{ authorization: 'Key wrong' }, 401, "This operation requires 'Authorization' in the HTTP header"],
  ])('with %j is refused before its body is read', async (headers, status, title) => {
    const server = await start();
    const app = newId();
    const { out, answer } = open(server, app, headers);
    // The body never ends: whoever waited for it would wait for ever.
    out.write(ndjson([person(1)]));
    const message = await answer;
    expect(message.statusCode).toBe(status);
    expect(await readText(message)).toContain(title);
    out.destroy();
    expect(await stored(app)).toEqual([]);
  });

  test('with more lines than allowed stops there and says where to go on', async () => {
    const server = await start({ lines: 3 });
    const app = newId();
    const body = ndjson(people(5));
    const first = await sendBulk(server, app, body);
    expect(first.summary).toMatchObject({
      done: false,
      lines: 3,
      next_line: 4,
      errors: [
        {
          code: 'bulk-too-many-lines',
          title: 'A request can have at most 3 lines. Send the same lines again with from_line=4.',
        },
      ],
    });
    const rest = await sendBulk(server, app, body, { query: '?from_line=4' });
    expect(rest.summary).toMatchObject({ done: true, created: 2 });
  });

  test('is answered while it is being sent', async () => {
    const server = await start();
    const app = newId();
    const { out, answer } = open(server, app);
    out.write(ndjson([person(1)]));
    const message = await answer;
    message.setEncoding('utf8');
    const [first] = (await once(message, 'data')) as [string];
    expect(JSON.parse(first)).toMatchObject({ line: 1, status: 'created' });
    expect(await stored(app)).toEqual(['user 1']);
    out.end(ndjson([person(2)]));
    expect(await readText(message)).toContain('{"done":true,"lines":2');
  });

  test('whose client is gone is stopped after the batch under way', async () => {
    const server = await start({ batchLines: 10, requests: 1 });
    const app = newId();
    const { out, answer } = open(server, app);
    out.write(ndjson(people(10)));
    (await answer).resume();
    out.destroy();
    // The place of the request is free again.
    const next = await until('the request has ended', async () => {
      const attempt = await sendBulk(server, app, ndjson([person('next')]));
      return attempt.status === 200 && attempt;
    });
    expect(next.summary).toMatchObject({ done: true, created: 1 });
    expect((await stored(app)).length).toBe(11);
  });

  test('is answered whole to a client that reads only when it has sent everything, and slowly then', async () => {
    const server = await start();
    const { out, answer } = open(server, newId());
    const sent = once(out, 'finish');
    out.end(REFUSED.repeat(MANY));
    const message = await answer;
    await sent;
    let text = '';
    for await (const piece of message.setEncoding('utf8')) {
      text += piece as string;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { results, summary } = readAnswer(200, text);
    expect(results.map(({ line }) => line)).toEqual(Array.from({ length: MANY }, (_, n) => n + 1));
    expect(summary).toMatchObject({ done: true, rejected: MANY });
  });

  test('whose results are too many to wait is ended with the line to go on from, and what is sent goes by', async () => {
    const server = await start({ answerBytes: 100_000 });
    const app = newId();
    const body = REFUSED.repeat(3 * MANY) + ndjson([person('last')]);
    const { out, answer } = open(server, app);
    let isSent = false;
    out.end(body, () => (isSent = true));
    const message = await answer;
    await until('the server is tired of waiting, and everything is sent', async () => {
      await server.clock.advance(10_000);
      return isSent;
    });
    const { results, summary } = readAnswer(200, await readText(message));
    const next = results.length + 1;
    expect(results.at(-1)?.line).toBe(results.length);
    expect(next).toBeLessThan(3 * MANY);
    expect(summary).toMatchObject({
      done: false,
      lines: results.length,
      next_line: next,
      errors: [
        {
          code: 'bulk-unread',
          title: `Nothing of the answer was read for 60 seconds, and more than 100000 bytes of it do not wait. Read while you send, or send fewer lines at a time. Send the same lines again with from_line=${next}.`,
        },
      ],
    });
    expect(await stored(app)).toEqual([]);
    const rest = await sendBulk(server, app, body, { query: `?from_line=${3 * MANY}` });
    expect(rest.summary).toMatchObject({ done: true, lines: 2, created: 1, rejected: 1 });
  });

  test.each([
    ['while more is held than may wait', 3 * MANY, 100_000],
    ['when all of it waits', 100, BULK_LIMITS.answerBytes],
  ])('whose answer nobody reads is given up in the end, %s', async (_when, count, answerBytes) => {
    const server = await start({ requests: 1, answerBytes });
    const { out, answer } = open(server, newId());
    out.write(REFUSED.repeat(count));
    await answer;
    const next = () => sendBulk(server, newId(), ndjson([person(1)]));
    expect((await next()).status).toBe(429);
    await until('the server is tired of waiting', async () => {
      await server.clock.advance(10_000);
      return (await next()).status === 200;
    });
    out.destroy();
  });

  test('that sends nothing for too long is told so', async () => {
    const server = await start({ stallMs: 60_000 });
    const app = newId();
    const { out, answer } = open(server, app);
    out.write(ndjson([person(1)]));
    const message = await answer;
    message.setEncoding('utf8');
    await once(message, 'data');
    let told = '';
    message.on('data', (text: string) => (told += text));
    await until('the server is tired of waiting', async () => {
      await server.clock.advance(10_000);
      return told !== '';
    });
    expect(JSON.parse(told)).toMatchObject({
      done: false,
      next_line: 2,
      errors: [
        {
          code: 'bulk-stalled',
          title: 'Nothing came for 60 seconds. Send the same lines again with from_line=2.',
        },
      ],
    });
    out.destroy();
  });

  test('ends honestly when the server shuts down', async () => {
    const server = await start({ batchLines: 5 });
    const app = newId();
    const { out, answer } = open(server, app);
    out.write(ndjson(people(5)));
    const message = await answer;
    message.setEncoding('utf8');
    await once(message, 'data');
    const rest = readText(message);
    const closed = server.server.close();
    out.write(ndjson(people(10)));
    expect(JSON.parse(await rest)).toMatchObject({
      done: false,
      next_line: 6,
      errors: [
        {
          code: 'bulk-stopping',
          title: 'The server is shutting down. Send the same lines again with from_line=6.',
        },
      ],
    });
    out.end();
    await closed;
    expect(await stored(app)).toHaveLength(5);
  });

  test('beyond those that are worked on at a time is asked to wait', async () => {
    const server = await start({ requests: 1 });
    const app = newId();
    const { out, answer } = open(server, app);
    out.write(ndjson([person(1)]));
    await answer;
    const refused = await sendBulk(server, app, ndjson([person(2)]));
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('This server works on 1 bulk requests already.');
    out.end();
    await readText(await answer);
    expect((await sendBulk(server, app, ndjson([person(2)]))).status).toBe(200);
  });
});
