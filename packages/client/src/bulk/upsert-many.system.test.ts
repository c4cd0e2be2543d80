import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBreakingProxy } from '../fixtures/breaking-proxy.ts';
import { startServer } from '../fixtures/running-server.ts';
import type { RunningServer } from '../fixtures/running-server.ts';
import { LoadFailed, required } from '../index.ts';
import type { Client, Failure, UpsertResult } from '../index.ts';

let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const QUICK = { retries: 5, baseDelayMs: 1000 };

/** Users of one load, told from those of others by their label. */
function* people(load: string, count: number) {
  for (let n = 1; n <= count; n += 1) {
    yield { identity: { external_id: `${load} ${n}` }, properties: { tags: { load, n: String(n) } } };
  }
}

function* brokenSource() {
  yield* people(randomUUID(), 3);
  throw new Error('the file is broken');
}

async function* endlessSource() {
  yield* people(randomUUID(), 1);
  await new Promise(() => undefined);
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

/** Each user of a load must be there once, with the tag of its line. */
async function expectStored(client: Client, load: string, count: number): Promise<void> {
  const stored: string[] = [];
  for await (const { identity, properties } of client.users.list({ tag: [`load=${load}`], limit: 300 })) {
    expect(identity['external_id']).toBe(`${load} ${properties.tags['n']}`);
    stored.push(properties.tags['n'] ?? '');
  }
  expect(stored.map(Number).toSorted((a, b) => a - b)).toEqual(numbers(count));
}

async function collect(
  results: AsyncIterable<UpsertResult>,
  onResult: (line: number) => unknown = () => null,
) {
  const all: UpsertResult[] = [];
  for await (const result of results) {
    all.push(result);
    await onResult(result.line);
  }
  return all;
}

describe('a load of users', () => {
  test.each([true, false])('has a result for each, over many batches (gzip: %s)', async (gzip) => {
    const client = server.client();
    const load = randomUUID();
    const results = await collect(client.users.upsertMany(people(load, 15_000), { gzip }));
    expect(results.map(({ line }) => line)).toEqual(numbers(15_000));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['created']));
    await expectStored(client, load, 15_000);
    const again = await collect(client.users.upsertMany(people(load, 100), { gzip }));
    expect(new Set(again.map(({ status }) => status))).toEqual(new Set(['unchanged']));
  });

  test('tells who was refused, why, and goes on', async () => {
    const load = randomUUID();
    const users = [...people(load, 5)];
    const wrong = { identity: { external_id: 'NULL' } };
    const results = await collect(
      server.client().users.upsertMany([...users.slice(0, 2), wrong, ...users.slice(2)]),
    );
    expect(results.map(({ status }) => status)).toEqual([
      'created',
      'created',
      'rejected',
      'created',
      'created',
      'created',
    ]);
    expect(results[2]).toMatchObject({
      line: 3,
      user: wrong,
      errors: [{ code: 'request-invalid', title: expect.stringContaining('external_id must not be "NULL"') }],
    });
  });

  test('asks nothing of the server when there is nobody in it', async () => {
    expect(await collect(server.client({ url: 'http://127.0.0.1:1' }).users.upsertMany([]))).toEqual([]);
  });

  test('reads its source no further than results are taken', async () => {
    let read = 0;
    async function* source() {
      for (const user of people(randomUUID(), 3_000)) {
        read += 1;
        yield user;
      }
    }
    let most = 0;
    const results = await collect(
      server.client().users.upsertMany(source(), { mostUnanswered: 50, gzip: true }),
      async (line) => {
        most = Math.max(most, read - line);
        // A slow reader.
        if (line % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      },
    );
    expect(results).toHaveLength(3_000);
    expect(most).toBeLessThanOrEqual(50);
  });

  test('sends what is there while its source takes its time', async () => {
    const answers = new EventEmitter();
    async function* source() {
      for (const user of people(randomUUID(), 3)) {
        const answered = once(answers, 'answer');
        yield user;
        // The next one comes only when this one has its result.
        await answered;
      }
    }
    const results = collect(server.client().users.upsertMany(source()), () => answers.emit('answer'));
    expect(await results).toHaveLength(3);
  });

  test('throws what its source throws, after the results of all before', async () => {
    const lines: number[] = [];
    const load = collect(server.client().users.upsertMany(brokenSource()), (line) => lines.push(line));
    await expect(load).rejects.toThrow('the file is broken');
    expect(lines).toEqual([1, 2, 3]);
  });

  test('begins where it is told to', async () => {
    const load = randomUUID();
    const results = await collect(server.client().users.upsertMany(people(load, 5), { fromLine: 4 }));
    expect(results.map(({ line, user }) => [line, user.identity?.['external_id']])).toEqual([
      [4, `${load} 4`],
      [5, `${load} 5`],
    ]);
  });
});

describe('a load that is disturbed', () => {
  test('goes on after its connection broke, again and again', async () => {
    const proxy = await startBreakingProxy(server.url);
    const client = server.client({ url: proxy.url, retry: QUICK });
    const load = randomUUID();
    const troubles: Failure[] = [];
    const results = await collect(
      client.users.upsertMany(people(load, 30_000), {
        mostUnanswered: 6_000,
        onTrouble: (failure) => troubles.push(failure),
      }),
      // The third time more is left than can be on its way.
      (line) => (line % 6_500 === 0 && line < 20_000 ? proxy.break() : null),
    );
    expect(results.map(({ line }) => line)).toEqual(numbers(30_000));
    expect(troubles.length).toBeGreaterThanOrEqual(3);
    expect(new Set(troubles.map(({ kind }) => kind))).toEqual(new Set(['unreachable']));
    await client.close();
    await proxy.close();
    await expectStored(server.client(), load, 30_000);
  });

  test('goes on with a server that was killed and started again', { timeout: 120_000 }, async () => {
    const process = server.anotherProcess();
    await process.start();
    const load = randomUUID();
    const restarts: Promise<void>[] = [];
    const results = await collect(
      server
        .client({ url: process.url, retry: { retries: 20, baseDelayMs: 1000 } })
        .users.upsertMany(people(load, 20_000)),
      async (line) => {
        if (line !== 4_001) return;
        await process.kill();
        restarts.push(process.start());
      },
    );
    await Promise.all(restarts);
    expect(restarts).toHaveLength(1);
    expect(results.map(({ line }) => line)).toEqual(numbers(20_000));
    await expectStored(server.client(), load, 20_000);
  });

  test('ends with its signal, and says where', async () => {
    const control = new AbortController();
    const lines: number[] = [];
    const load = collect(
      server.client().users.upsertMany(people(randomUUID(), 100_000), { signal: control.signal }),
      (line) => {
        lines.push(line);
        if (line === 5_000) control.abort();
      },
    );
    const error: unknown = await load.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LoadFailed);
    expect(error).toMatchObject({ failure: { kind: 'aborted' }, nextLine: (lines.at(-1) ?? 0) + 1 });
  });

  test('ends with its signal while its source keeps it waiting', async () => {
    const control = new AbortController();
    const load = collect(server.client().users.upsertMany(endlessSource(), { signal: control.signal }), () =>
      control.abort(),
    );
    await expect(load).rejects.toMatchObject({ failure: { kind: 'aborted' }, nextLine: 2 });
  });

  test('lets go of its source and of the server when it is read no further', async () => {
    let released = false;
    function* source() {
      try {
        yield* people(randomUUID(), 100_000);
      } finally {
        released = true;
      }
    }
    const client = server.client({ connections: 1 });
    for await (const { line } of client.users.upsertMany(source())) if (line === 10) break;
    expect(released).toBe(true);
    // The only connection is free again.
    required(await client.users.page({ limit: 1 }));
  });

  test('is refused as a whole with a key that opens nothing', async () => {
    const client = server.client({ apiKey: 'wrong' });
    await expect(collect(client.users.upsertMany(people(randomUUID(), 10_000)))).rejects.toMatchObject({
      failure: { kind: 'unauthorized' },
      nextLine: 1,
    });
  });
});

/** Answers that the real server gives only at the end of its patience. */
async function serveAnswers(...answers: readonly { status: number; headers?: object; text: string }[]) {
  const bodies: string[] = [];
  const left = [...answers];
  const fake = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      bodies.push(body);
      const { status, headers, text } = left.shift() ?? { status: 500, headers: {}, text: '{}' };
      response.writeHead(status, { ...headers }).end(text);
    });
  });
  fake.listen(0, '127.0.0.1');
  await once(fake, 'listening');
  return {
    bodies,
    url: `http://127.0.0.1:${(fake.address() as AddressInfo).port}`,
    close: () => fake.close(),
  };
}

const told = (line: number) => `{"line":${line},"status":"unchanged","onesignal_id":"u"}\n`;
const counts = '"created":0,"updated":0,"unchanged":0,"rejected":0';

describe('an answer', () => {
  test('that asks to wait, fails, or ends early leads to the rest being sent again, and no more', async () => {
    const busy = { status: 429, headers: { 'retry-after': '0' }, text: '{"errors":["busy"]}' };
    const stopped = `{"done":false,"lines":2,${counts},"next_line":3,"errors":[{"code":"bulk-stopping","title":"Later."}]}\n`;
    const fake = await serveAnswers(
      busy,
      { status: 200, text: told(1) + told(2) + stopped },
      { status: 503, headers: { 'retry-after': '0' }, text: '' },
      // Cut off inside of a line.
      { status: 200, text: told(1) + told(2).slice(0, 20) },
      { status: 200, text: `${told(1)}{"done":true,"lines":1,${counts}}\n` },
    );
    const client = server.client({ url: fake.url, retry: QUICK });
    const troubles: string[] = [];
    const users = [...people('fake', 4)];
    const results = await collect(
      client.users.upsertMany(users, { onTrouble: ({ kind }) => troubles.push(kind) }),
    );
    expect(results.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
    expect(troubles).toEqual(['rate-limited', 'unavailable', 'unavailable', 'unreachable']);
    const lines = users.map((user) => `${JSON.stringify(user)}\n`);
    expect(fake.bodies).toEqual([
      lines.join(''),
      lines.join(''),
      lines.slice(2).join(''),
      lines.slice(2).join(''),
      lines.slice(3).join(''),
    ]);
    fake.close();
  });

  test('that fails again and again without any progress ends the load', async () => {
    const fake = await serveAnswers();
    const client = server.client({ url: fake.url, retry: { retries: 1, baseDelayMs: 1000 } });
    await expect(collect(client.users.upsertMany(people('fake', 4)))).rejects.toMatchObject({
      name: 'LoadFailed',
      failure: { kind: 'unavailable', status: 500 },
      nextLine: 1,
    });
    expect(fake.bodies).toHaveLength(2);
    fake.close();
  });

  test('about another line than the one that is due is not believed', async () => {
    const fake = await serveAnswers({ status: 200, text: told(2) });
    const client = server.client({ url: fake.url, retry: { retries: 0, baseDelayMs: 1000 } });
    await expect(collect(client.users.upsertMany(people('fake', 4)))).rejects.toThrow(
      'a result of line 2 where 1 was due',
    );
    fake.close();
  });
});
