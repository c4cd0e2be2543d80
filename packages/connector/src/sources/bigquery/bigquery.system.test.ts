import { afterEach, beforeEach, expect, it } from 'vitest';
import { collected } from '../../fixtures/collected.ts';
import { claimsOf, rsaKey } from '../../fixtures/rsa-key.ts';
import { WireServer } from '../../fixtures/wire-server.ts';
import type { Answered, Asked } from '../../fixtures/wire-server.ts';
import { Bigquery } from './bigquery.ts';

const { pem, publicKey } = rsaKey();
const NEVER = new AbortController().signal;
const FIELDS = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 'spent', type: 'NUMERIC', mode: 'NULLABLE' },
  { name: 'active', type: 'BOOLEAN' },
  { name: 'joined', type: 'TIMESTAMP' },
  { name: 'marks', type: 'STRING', mode: 'REPEATED' },
  {
    name: 'home',
    type: 'RECORD',
    fields: [
      { name: 'city', type: 'STRING' },
      { name: 'lat', type: 'FLOAT' },
    ],
  },
];
const ADA = {
  f: [
    { v: '9007199254740993' },
    { v: '12.5' },
    { v: 'true' },
    { v: '1769999999250000' },
    { v: [{ v: 'a' }, { v: 'b' }] },
    { v: { f: [{ v: 'Rome' }, { v: '41.9' }] } },
  ],
};
const NOBODY = { f: [{ v: '2' }, { v: null }, { v: null }, { v: null }, { v: [] }, { v: null }] };

let server: WireServer;
let warehouse: Bigquery;
let token: { value: string; seconds: number };
let running = 0;
beforeEach(async () => {
  running = 0;
  token = { value: 'first', seconds: 3600 };
  server = await WireServer.start();
  server.answer = speak;
  const credentials = JSON.stringify({
    project_id: 'shop',
    client_email: 'reader@shop.example',
    private_key: pem,
    token_uri: `${server.url}/token`,
  });
  warehouse = new Bigquery({ credentials, dataset: 'sales', location: 'EU', url: server.url });
});
afterEach(async () => {
  await warehouse.close();
  await server.stop();
});

function speak({ method, path, query, headers, text }: Asked): Answered {
  if (path === '/token') {
    const form = new URLSearchParams(text);
    const claims = claimsOf(form.get('assertion') ?? '', publicKey);
    if (claims?.['aud'] !== `${server.url}/token` || claims['iss'] !== 'reader@shop.example')
      return { status: 400 };
    return { body: { access_token: token.value, expires_in: token.seconds, token_type: 'Bearer' } };
  }
  if (headers.authorization !== `Bearer ${token.value}`) return { status: 401 };
  const jobReference = { projectId: 'shop', jobId: 'job/1', location: 'EU' };
  const schema = { fields: FIELDS };
  if (method === 'POST' && path === '/bigquery/v2/projects/shop/queries') {
    if (running === 0)
      return { body: { jobComplete: true, jobReference, schema, rows: [ADA], pageToken: 'p=2' } };
    return { body: { jobComplete: false, jobReference } };
  }
  if (path !== '/bigquery/v2/projects/shop/queries/job%2F1' || query.get('location') !== 'EU')
    return { status: 404 };
  if (query.get('formatOptions.useInt64Timestamp') !== 'true') return { status: 400 };
  if (query.get('pageToken') === 'p=2')
    return { body: { jobComplete: true, jobReference, schema, rows: [NOBODY] } };
  running -= 1;
  if (running > 0) return { body: { jobComplete: false, jobReference } };
  return { body: { jobComplete: true, jobReference, schema, rows: [ADA], pageToken: 'p=2' } };
}

it('gives the rows of all pages with values that keep their meaning', async () => {
  const rows = await collected(
    warehouse.query({ text: 'SELECT * FROM t WHERE a = @p1', values: ['x'] }, NEVER),
  );
  expect(rows).toEqual([
    {
      id: '9007199254740993',
      spent: '12.5',
      active: true,
      joined: new Date('2026-02-02T02:39:59.250Z'),
      marks: ['a', 'b'],
      home: { city: 'Rome', lat: 41.9 },
    },
    { id: 2, spent: null, active: null, joined: null, marks: [], home: null },
  ]);
  const post = server.asked.find(({ path }) => path.endsWith('/queries'));
  expect(JSON.parse(post?.text ?? '')).toMatchObject({
    useLegacySql: false,
    location: 'EU',
    defaultDataset: { datasetId: 'sales' },
    queryParameters: [{ name: 'p1', parameterType: { type: 'STRING' }, parameterValue: { value: 'x' } }],
  });
});

it('asks until the query has ended, and waits out 429 and 503', async () => {
  running = 3;
  server.faults.push({ status: 503, headers: { 'retry-after': '0' } });
  expect(await collected(warehouse.query({ text: 'SELECT 1', values: [] }, NEVER))).toHaveLength(2);
});

it('asks for one token, and for another where it has ended', async () => {
  await warehouse.describe({ text: 'SELECT 1', values: [] });
  await warehouse.describe({ text: 'SELECT 1', values: [] });
  expect(server.asked.filter(({ path }) => path === '/token')).toHaveLength(1);
  token = { value: 'second', seconds: 30 };
  await warehouse.describe({ text: 'SELECT 1', values: [] });
  expect(server.asked.filter(({ path }) => path === '/token')).toHaveLength(2);
  // It ends within the minute: it is not used again.
  await warehouse.describe({ text: 'SELECT 1', values: [] });
  expect(server.asked.filter(({ path }) => path === '/token')).toHaveLength(3);
});

it('never shows the key in what it says', () => {
  expect(() => new Bigquery({ credentials: JSON.stringify({ private_key: 'the secret' }) })).toThrow(
    'source.credentials is the JSON of a service account key file',
  );
});
