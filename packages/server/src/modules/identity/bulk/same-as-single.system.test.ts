import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { BulkUserResult } from '@carillon/wire';
import { newId } from '../../../platform/ids.ts';
import { brokenRules } from '../invariants-store.ts';
import { readAppState } from './fixtures/app-state-store.ts';
import { ndjson, sendBulk, startBulkServer } from './fixtures/bulk-server.ts';
import type { BulkServer } from './fixtures/bulk-server.ts';

let testDatabase: TestDatabase;
const servers: BulkServer[] = [];

/** Batches of every size, and COPY for anybody: all ways meet. */
const BATCH_LINES = [1, 2, 3, 7, 100];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  for (const batchLines of BATCH_LINES) {
    servers.push(
      await startBulkServer(testDatabase.database, { batchLines, worthCopying: 1 + (batchLines % 3) }),
    );
  }
});
afterAll(async () => {
  await Promise.all(servers.map(({ server }) => server.close()));
  await testDatabase.drop();
});

const few = (name: string, count: number) =>
  fc.integer({ min: 0, max: count - 1 }).map((n) => `${name} ${n}`);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

const identity = fc.record(
  { external_id: few('user', 6), crm: few('crm', 5), seat: few('seat', 3) },
  { requiredKeys: [] },
);
const tags = fc.dictionary(
  fc.constantFrom('plan', 'city', 'orders', 'vip'),
  fc.constantFrom('', 'a', 'b', 3, true, null),
  { maxKeys: 3 },
);
const properties = fc.record(
  {
    tags,
    language: fc.constantFrom('en', 'de', 'xx-wrong'),
    country: fc.constantFrom('NL', 'FR'),
    lat: fc.constantFrom(1.5, 200),
    test_user_name: fc.constantFrom('', 'Test'),
  },
  { requiredKeys: [] },
);
const consent = fc.record({
  granted: fc.boolean(),
  at: fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'),
  source: fc.constantFrom('shop', 'form'),
});
const address = fc.oneof(
  fc.record({
    type: fc.constant('Email'),
    token: few('mail', 7).map((name) => `${name.replace(' ', '')}@example.com`),
  }),
  fc.record({ type: fc.constant('SMS'), token: few('', 3).map((n) => `+3161234567${n.trim()}`) }),
  fc.record({ type: fc.constant('AndroidPush'), token: fc.constantFrom('', 'device-1', 'device-2') }),
);
const subscription = fc
  .tuple(
    address,
    fc.record(
      {
        enabled: fc.boolean(),
        notification_types: fc.constantFrom(1, 0, -2, -8),
        session_count: fc.constantFrom(1, 5),
        device_os: fc.constantFrom('17', '18'),
      },
      { requiredKeys: [] },
    ),
    maybe(consent),
  )
  .map(([address, rest, consent]) =>
    consent === undefined ? { ...address, ...rest } : { ...address, ...rest, consent, enabled: undefined },
  );
const line = fc.record(
  {
    identity,
    properties,
    subscriptions: fc.array(subscription, { maxLength: 3 }),
    refresh_device_metadata: fc.constant(true),
  },
  { requiredKeys: ['identity'] },
);
const odd = fc.constantFrom<unknown>(
  {},
  { identity: { external_id: 'null' } },
  { identity: { onesignal_id: 'not-an-id' } },
  { identity: { onesignal_id: '00000000-0000-4000-8000-000000000000' } },
  { identity: { external_id: 'user 1' }, subscriptions: [{ id: '00000000-0000-4000-8000-000000000000' }] },
  { identity: 5 },
  [],
);

/** What POST /users answers, as the bulk route would tell it. */
async function sendSingle({ url }: BulkServer, app: string, body: unknown) {
  const answer = await fetch(`${url}/apps/${app}/users`, {
    method: 'POST',
    headers: { authorization: `Key ${app}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const value = (await answer.json()) as { errors?: unknown };
  switch (answer.status) {
    case 201:
      return { status: 'created' };
    case 202:
      return { status: 'kept' };
    default:
      return { status: 'rejected', errors: JSON.parse(withoutBody(JSON.stringify(value.errors))) as unknown };
  }
}

function toldBy(result: BulkUserResult) {
  if (result.status === 'rejected') return { status: 'rejected', errors: result.errors };
  return { status: result.status === 'created' ? 'created' : 'kept' };
}

function withoutBody(text: string): string {
  return text.replaceAll('The request body', 'The line');
}

test('many lines leave what they leave when they are sent one by one, and say the same', async () => {
  const lines = fc.array(fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: odd }), {
    minLength: 1,
    maxLength: 25,
  });
  const cases = fc.tuple(lines, lines, fc.integer({ min: 0, max: BATCH_LINES.length - 1 }));
  await fc.assert(
    fc.asyncProperty(cases, async ([before, sent, which]) => {
      const server = servers.at(which);
      if (server === undefined) throw new Error('no server was started');
      const [one, many] = [newId(), newId()];
      // Also a body that nobody has sent before, so that a first load turns into something else.
      const all = [...before, ...sent];
      const single = [];
      for (const body of all) single.push(await sendSingle(server, one, body));
      const bulk = await sendBulk(server, many, ndjson(all));
      expect(bulk.summary).toMatchObject({ done: true, lines: all.length });
      expect(bulk.results.map(toldBy)).toEqual(single);
      expect(bulk.results.map((result) => result.line)).toEqual(all.map((_, index) => index + 1));
      const [left, right] = [
        await readAppState(testDatabase.database, one),
        await readAppState(testDatabase.database, many),
      ];
      expect(right.users).toEqual(left.users);
      expect(await brokenRules(testDatabase.database, many)).toEqual([]);
      // A line that changes nothing leaves no trace in bulk; all other traces are the same.
      const traces = [...left.history];
      for (const trace of right.history) {
        expect(traces).toContain(trace);
        traces.splice(traces.indexOf(trace), 1);
      }
      const unchanged = bulk.results.filter(({ status }) => status === 'unchanged').length;
      expect(traces.length).toBeLessThanOrEqual(unchanged);
    }),
    { numRuns: 60, timeout: 30_000 },
  );
}, 240_000);
