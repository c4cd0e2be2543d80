import { afterEach, beforeEach, expect, it } from 'vitest';
import { collected } from '../../fixtures/collected.ts';
import { WireServer } from '../../fixtures/wire-server.ts';
import type { Answered, Asked } from '../../fixtures/wire-server.ts';
import { Databricks } from './databricks.ts';

const NEVER = new AbortController().signal;
const COLUMNS = [
  { name: 'id', type_name: 'LONG' },
  { name: 'spent', type_name: 'DECIMAL' },
  { name: 'active', type_name: 'BOOLEAN' },
  { name: 'joined', type_name: 'TIMESTAMP' },
  { name: 'facts', type_name: 'STRUCT' },
];
const ADA = ['9007199254740993', '12.50', 'true', '2026-02-02T02:39:59.250Z', '{"a":1}'];

let server: WireServer;
let storage: WireServer;
let running = 0;
beforeEach(async () => {
  running = 0;
  server = await WireServer.start();
  storage = await WireServer.start();
  server.answer = speak;
  storage.answer = ({ path, headers }) =>
    headers.authorization === undefined
      ? { body: [path === '/0' ? ADA : [path.slice(1), null, null, null, null]] }
      : { status: 400, body: 'only one way to let somebody in' };
});
afterEach(async () => {
  await server.stop();
  await storage.stop();
});

function open(): Databricks {
  return new Databricks({ url: server.url, clientId: 'id', clientSecret: 'secret', warehouseId: 'wh' });
}

function chunk(at: number) {
  const next =
    at < 2 ? { next_chunk_internal_link: `/api/2.0/sql/statements/s-1/result/chunks/${at + 1}` } : {};
  const link = {
    external_link: `${storage.url}/${at}?sig=x`,
    expiration: '2026-02-02T02:39:59Z',
    chunk_index: at,
  };
  return { external_links: [{ ...link, ...next }] };
}

function speak({ method, path, headers, text }: Asked): Answered {
  if (path === '/oidc/v1/token') {
    const basic = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString();
    const form = new URLSearchParams(text);
    if (basic !== 'id:secret' || form.get('grant_type') !== 'client_credentials') return { status: 401 };
    return { body: { access_token: 'the-token', expires_in: 3600 } };
  }
  if (headers.authorization !== 'Bearer the-token') return { status: 401 };
  const [, at] = /^\/api\/2\.0\/sql\/statements\/s-1\/result\/chunks\/(\d)$/.exec(path) ?? [];
  if (at !== undefined) return { body: chunk(Number(at)) };
  if (method === 'POST' ? path !== '/api/2.0/sql/statements' : path !== '/api/2.0/sql/statements/s-1')
    return { status: 404 };
  if (running > 0) {
    running -= 1;
    return { body: { statement_id: 's-1', status: { state: running > 1 ? 'PENDING' : 'RUNNING' } } };
  }
  const manifest = { format: 'JSON_ARRAY', schema: { columns: COLUMNS } };
  return { body: { statement_id: 's-1', status: { state: 'SUCCEEDED' }, manifest, result: chunk(0) } };
}

it('gives the rows behind all links, and shows the token to nobody else', async () => {
  const rows = await collected(
    open().query({ text: 'SELECT * FROM t WHERE a = :p1', values: ['x', null] }, NEVER),
  );
  expect(rows.map((row) => row['id'])).toEqual(['9007199254740993', 1, 2]);
  expect(rows[0]).toEqual({
    id: '9007199254740993',
    spent: '12.50',
    active: true,
    joined: new Date('2026-02-02T02:39:59.250Z'),
    facts: { a: 1 },
  });
  const post = server.asked.find(({ path }) => path === '/api/2.0/sql/statements');
  expect(JSON.parse(post?.text ?? '')).toMatchObject({
    warehouse_id: 'wh',
    disposition: 'EXTERNAL_LINKS',
    parameters: [
      { name: 'p1', type: 'STRING', value: 'x' },
      { name: 'p2', type: 'STRING' },
    ],
  });
});

it('takes rows that come in the answer itself, and none', async () => {
  const manifest = { schema: { columns: COLUMNS } };
  const status = { state: 'SUCCEEDED' };
  server.answer = (asked) =>
    asked.path === '/oidc/v1/token'
      ? speak(asked)
      : { body: { statement_id: 's', status, manifest, result: { data_array: [ADA] } } };
  expect(await collected(open().query({ text: 'SELECT 1', values: [] }, NEVER))).toHaveLength(1);
  server.answer = (asked) =>
    asked.path === '/oidc/v1/token' ? speak(asked) : { body: { statement_id: 's', status, manifest } };
  expect(await collected(open().query({ text: 'SELECT 1', values: [] }, NEVER))).toEqual([]);
});

it('asks until the statement has ended, and waits out 429 and 503', async () => {
  running = 3;
  server.faults.push(
    { status: 429, headers: { 'retry-after': '0' } },
    { status: 503, headers: { 'retry-after': '0' } },
  );
  expect(await collected(open().query({ text: 'SELECT 1', values: [] }, NEVER))).toHaveLength(3);
});

it.each([
  ['BAD_REQUEST', 'ConfigInvalid'],
  ['TEMPORARILY_UNAVAILABLE', 'SourceUnreachable'],
])('tells a statement that failed by %s as %s', async (error_code, name) => {
  server.answer = (asked) =>
    asked.path === '/oidc/v1/token'
      ? speak(asked)
      : {
          body: {
            statement_id: 's',
            status: { state: 'FAILED', error: { error_code, message: 'no such table' } },
          },
        };
  await expect(open().describe({ text: 'SELECT 1', values: [] })).rejects.toMatchObject({ name });
});
