import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { collected } from '../../fixtures/collected.ts';
import { claimsOf, rsaKey } from '../../fixtures/rsa-key.ts';
import { WireServer } from '../../fixtures/wire-server.ts';
import type { Answered, Asked } from '../../fixtures/wire-server.ts';
import { Snowflake } from './snowflake.ts';

const { pem, publicKey } = rsaKey();
const NEVER = new AbortController().signal;
const ROW_TYPE = [
  { name: 'ID', type: 'fixed', scale: 0, nullable: false },
  { name: 'SPENT', type: 'fixed', scale: 2, nullable: true },
  { name: 'ACTIVE', type: 'boolean', scale: null, nullable: true },
  { name: 'BORN', type: 'date', scale: null, nullable: true },
  { name: 'JOINED', type: 'timestamp_tz', scale: 9, nullable: true },
  { name: 'SEEN', type: 'timestamp_ntz', scale: 9, nullable: true },
  { name: 'facts', type: 'variant', scale: null, nullable: true },
];
const ADA = [
  '9007199254740993',
  '12.50',
  'true',
  '18262',
  '1769999999.250000000 1560',
  '1769999999.000000000',
  '{"a":1}',
];

let server: WireServer;
let warehouse: Snowflake;
let running = 0;
beforeEach(async () => {
  running = 0;
  server = await WireServer.start();
  server.answer = speak;
  warehouse = new Snowflake({
    account: 'org-acc',
    user: 'reader',
    privateKey: pem,
    warehouse: 'WH',
    database: 'SHOP',
    url: server.url,
  });
});
afterEach(() => server.stop());

/** Three parts; `running` times the statement is not done yet. */
function speak({ method, path, query, headers }: Asked): Answered {
  const claims = claimsOf(headers.authorization?.replace('Bearer ', '') ?? '', publicKey);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const fingerprint = `SHA256:${createHash('sha256').update(spki).digest('base64')}`;
  if (claims?.['iss'] !== `ORG-ACC.READER.${fingerprint}` || claims['sub'] !== 'ORG-ACC.READER')
    return { status: 401 };
  if (headers['x-snowflake-authorization-token-type'] !== 'KEYPAIR_JWT') return { status: 401 };
  if (method === 'POST' ? path !== '/api/v2/statements' : path !== '/api/v2/statements/h-1')
    return { status: 404 };
  if (running > 0) {
    running -= 1;
    return {
      status: 202,
      body: { code: '333334', statementHandle: 'h-1', statementStatusUrl: '/api/v2/statements/h-1' },
    };
  }
  const part = query.get('partition');
  if (part !== null) return { body: { data: [[part, null, null, null, null, null, null]] } };
  const resultSetMetaData = { numRows: 3, format: 'jsonv2', rowType: ROW_TYPE, partitionInfo: [{}, {}, {}] };
  return { body: { code: '090001', statementHandle: 'h-1', resultSetMetaData, data: [ADA] } };
}

it('gives the rows of all parts with values that keep their meaning', async () => {
  const rows = await collected(warehouse.query({ text: 'SELECT * FROM t WHERE a = ?', values: [7] }, NEVER));
  expect(rows[0]).toEqual({
    id: '9007199254740993',
    spent: '12.50',
    active: true,
    born: '2020-01-01',
    joined: new Date('2026-02-02T02:39:59.250Z'),
    seen: '2026-02-02 02:39:59',
    facts: { a: 1 },
  });
  expect(rows.map((row) => row['id'])).toEqual(['9007199254740993', 1, 2]);
  const body = JSON.parse(server.asked[0]?.text ?? '') as Record<string, unknown>;
  expect(body).toMatchObject({
    warehouse: 'WH',
    database: 'SHOP',
    bindings: { 1: { type: 'TEXT', value: '7' } },
  });
});

it('waits for a statement that runs on, and for a service that asks to', async () => {
  running = 2;
  server.faults.push(
    { status: 429, headers: { 'retry-after': '0' } },
    { status: 503, headers: { 'retry-after': '0' } },
  );
  expect(await collected(warehouse.query({ text: 'SELECT 1', values: [] }, NEVER))).toHaveLength(3);
  const posts = server.asked.filter(({ method }) => method === 'POST');
  expect(new Set(posts.map(({ query }) => query.get('requestId'))).size).toBe(1);
});

it('signs a new token where one was not taken, and says who refuses for good', async () => {
  server.faults.push({ status: 401, body: { code: '390144', message: 'JWT token is invalid.' } });
  expect(await collected(warehouse.query({ text: 'SELECT 1', values: [] }, NEVER))).toHaveLength(3);
  server.answer = () => ({ status: 401, body: { message: 'JWT token is invalid.' } });
  await expect(collected(warehouse.query({ text: 'SELECT 1', values: [] }, NEVER))).rejects.toMatchObject({
    name: 'SourceRefused',
  });
});

it('tells what is wrong with a statement', async () => {
  server.answer = () => ({
    status: 422,
    body: { code: '002003', message: "Object 'NOWHERE' does not exist", sqlState: '42S02' },
  });
  await expect(warehouse.describe({ text: 'SELECT * FROM nowhere', values: [] })).rejects.toThrow(
    /422.*NOWHERE/,
  );
});

it('tells columns by the names and types that the mapping sees', async () => {
  const columns = await warehouse.describe({ text: 'SELECT * FROM t LIMIT 0', values: [] });
  expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'id number | string',
    'spent string',
    'active boolean',
    'born string',
    'joined Date',
    'seen string',
    'facts unknown',
  ]);
});
