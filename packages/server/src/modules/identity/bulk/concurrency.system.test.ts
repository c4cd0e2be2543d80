import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { Database } from '../../../platform/database/database.ts';
import { newId } from '../../../platform/ids.ts';
import { brokenRules } from '../invariants-store.ts';
import { ndjson, sendBulk, startBulkServer } from './fixtures/bulk-server.ts';
import type { BulkAnswer, BulkServer } from './fixtures/bulk-server.ts';

let testDatabase: TestDatabase;
let second: Database;
let processes: BulkServer[];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  second = new Database({ url: testDatabase.url, connections: 8, applicationName: 'second process' });
  processes = await Promise.all(
    [testDatabase.database, second].map((database) => startBulkServer(database, { batchLines: 150 })),
  );
});
afterAll(async () => {
  await Promise.all(processes.map(({ server }) => server.close()));
  await second.end();
  await testDatabase.drop();
});

function processOf(n: number): BulkServer {
  const server = processes.at(n % processes.length);
  if (server === undefined) throw new Error('no server was started');
  return server;
}

/** Every line was answered, none by a fault of ours; the only refusal is of an alias that is somebody else's. */
function expectSound({ summary, results }: BulkAnswer, lines: number): void {
  expect(summary).toMatchObject({ done: true, lines });
  const refusals = results.flatMap((result) => (result.status === 'rejected' ? result.errors : []));
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(refusals.length > 0 ? ['user-2'] : []));
}

async function sendSingle({ url }: BulkServer, app: string, body: object): Promise<number> {
  const answer = await fetch(`${url}/apps/${app}/users`, {
    method: 'POST',
    headers: { authorization: `Key ${app}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.text();
  return answer.status;
}

test('two processes that load the same file from both ends at once make each user once', async () => {
  const app = newId();
  const lines = Array.from({ length: 3_000 }, (_, n) => ({
    identity: { external_id: `user ${n}`, crm: `crm ${n}` },
    properties: { tags: { turn: n } },
    subscriptions: [
      { type: 'Email', token: `user${n}@example.com` },
      { type: 'SMS', token: `+316${10_000_000 + n}` },
    ],
  }));
  const answers = await Promise.all([
    sendBulk(processOf(0), app, ndjson(lines)),
    sendBulk(processOf(1), app, ndjson(lines.toReversed())),
    sendBulk(processOf(0), app, ndjson(lines.slice(1_000))),
  ]);
  const sent = [3_000, 3_000, 2_000];
  answers.forEach((answer, n) => expectSound(answer, sent[n] ?? 0));
  const created = answers.map(({ summary }) => summary?.created ?? 0).reduce((a, b) => a + b, 0);
  expect(created).toBe(3_000);
  expect(await brokenRules(testDatabase.database, app)).toEqual([]);
});

test('bulk requests and single writes that fight for the same people leave no row too many', async () => {
  const app = newId();
  const random = randomSource(7);
  const line = () => ({
    identity: random(4) === 0 ? { crm: `crm ${random(40)}` } : { external_id: `hot ${random(60)}` },
    properties: { tags: { turn: random(3) } },
    subscriptions: [
      { type: 'Email', token: `hot${random(60)}@example.com` },
      ...(random(3) === 0 ? [{ type: 'SMS', token: `+3161234${1000 + random(50)}` }] : []),
    ],
  });
  const bulks = Array.from({ length: 4 }, (_, n) =>
    sendBulk(processOf(n), app, ndjson(Array.from({ length: 600 }, line))),
  );
  const singles = Array.from({ length: 8 }, async (_, n) => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 60; turn += 1) statuses.push(await sendSingle(processOf(n), app, line()));
    return statuses;
  });
  for (const answer of await Promise.all(bulks)) expectSound(answer, 600);
  for (const status of (await Promise.all(singles)).flat()) expect([201, 202, 409]).toContain(status);
  expect(await brokenRules(testDatabase.database, app)).toEqual([]);
});

test('users who are deleted while they are sent come back whole or stay gone', async () => {
  const app = newId();
  const lines = Array.from({ length: 400 }, (_, n) => ({
    identity: { external_id: `user ${n}` },
    subscriptions: [{ type: 'Email', token: `user${n}@example.com` }],
  }));
  expectSound(await sendBulk(processOf(0), app, ndjson(lines)), 400);
  const again = lines.map((line) => ({ ...line, properties: { tags: { seen: 'again' } } }));
  const deletes = Array.from({ length: 4 }, async (_, n) => {
    for (let user = n; user < 400; user += 4) {
      await fetch(`${processOf(n).url}/apps/${app}/users/by/external_id/user%20${user}`, {
        method: 'DELETE',
        headers: { authorization: `Key ${app}` },
      }).then((answer) => answer.text());
    }
  });
  const [answer] = await Promise.all([sendBulk(processOf(1), app, ndjson(again)), ...deletes]);
  expectSound(answer, 400);
  expect(await brokenRules(testDatabase.database, app)).toEqual([]);
});

/** The same numbers in every run: 0 to below `bound`. */
function randomSource(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
