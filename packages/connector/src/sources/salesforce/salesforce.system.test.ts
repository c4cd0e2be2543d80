import { afterEach, beforeEach, expect, it } from 'vitest';
import { crmConnector } from '../../fixtures/crm-connector.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { FakeDestination } from '../../fixtures/fake-destination.ts';
import { scanned } from '../../fixtures/file-shop.ts';
import { claimsOf, rsaKey } from '../../fixtures/rsa-key.ts';
import { Watching } from '../../fixtures/watching.ts';
import { WireServer } from '../../fixtures/wire-server.ts';
import type { Answered, Asked } from '../../fixtures/wire-server.ts';
import { salesforce } from '../../index.ts';
import type { Connector } from '../../index.ts';
import { openSource } from '../open-source.ts';

const { pem, publicKey } = rsaKey();
const FIELDS = [
  { name: 'Id', type: 'id', nillable: false },
  { name: 'FirstName', type: 'string', nillable: true },
  { name: 'Visits', type: 'double', nillable: true },
  { name: 'StageName', type: 'picklist', nillable: true },
  { name: 'owner', type: 'string', nillable: true },
];
interface Stored {
  readonly [field: string]: string | number | boolean | null;
}

let server: WireServer;
let objects: Record<string, Stored[]>;
let token = 'first';
let counted: number | null = null;
const removers: (() => void)[] = [];
beforeEach(async () => {
  token = 'first';
  counted = null;
  server = await WireServer.start();
  server.answer = speak;
  objects = {
    Contact: [record('003A', { FirstName: 'Ada', Visits: 3 }), record('003B', { FirstName: null })],
    Opportunity: [],
  };
});
afterEach(async () => {
  for (const remove of removers.splice(0)) remove();
  await server.stop();
});

function record(Id: string, fields: Stored): Stored {
  return { Id, IsDeleted: false, SystemModstamp: new Date().toISOString().replace('Z', '+0000'), ...fields };
}

function connector(url?: string, more: object = {}): Connector {
  const source = salesforce({
    url: server.url,
    clientId: 'app',
    clientSecret: 'secret',
    every: '50ms',
    objects: { Contact: ['FirstName', 'Visits'], Opportunity: ['StageName', 'owner'] },
    ...more,
  });
  const made = crmConnector(
    source,
    ['Contact', 'Id', 'FirstName'],
    ['Opportunity', { StageName: 'Won' }],
    url,
  );
  removers.push(made.remove);
  return made.connector;
}

/** Bulk results come two to a page. */
function speak({ method, path, query, headers, text }: Asked): Answered {
  if (path === '/services/oauth2/token') return tokenFor(new URLSearchParams(text));
  if (headers.authorization !== `Bearer ${token}`)
    return { status: 401, body: [{ errorCode: 'INVALID_SESSION_ID' }] };
  const [, rest = ''] = /^\/services\/data\/v62\.0\/(.*)$/.exec(path) ?? [];
  if (rest.endsWith('/describe')) return { body: { fields: FIELDS } };
  if (rest === 'jobs/query' && method === 'POST')
    return { body: { id: `job-${soqlObject(text)}`, state: 'UploadComplete' } };
  const [, job = '', part] = /^jobs\/query\/job-(\w+)(\/results)?$/.exec(rest) ?? [];
  const living = (objects[job] ?? []).filter(({ IsDeleted }) => IsDeleted !== true);
  if (job !== '' && part === undefined)
    return { body: { state: 'JobComplete', numberRecordsProcessed: counted ?? living.length } };
  if (job !== '') {
    const from = Number(query.get('locator') ?? 0);
    const names = job === 'Contact' ? ['Id', 'FirstName', 'Visits'] : ['Id', 'StageName', 'owner'];
    const lines = living
      .slice(from, from + 2)
      .map((found) => names.map((name) => `"${found[name] ?? ''}"`).join(','));
    const locator = from + 2 < living.length ? String(from + 2) : 'null';
    return { headers: { 'sforce-locator': locator }, body: `${names.join(',')}\n${lines.join('\n')}\n` };
  }
  const soql = query.get('q') ?? '';
  const all = objects[soqlObject(soql)] ?? [];
  if (rest === 'query') {
    const ids = new Set([...soql.matchAll(/'(\w+)'/g)].map(([, id]) => id));
    return {
      body: {
        done: true,
        records: all.filter(({ Id, IsDeleted }) => ids.has(String(Id)) && IsDeleted !== true),
      },
    };
  }
  if (rest !== 'queryAll') return { status: 404 };
  const [, since = ''] = /SystemModstamp >= (\S+)/.exec(soql) ?? [];
  const records = all.filter(({ SystemModstamp }) => Date.parse(String(SystemModstamp)) >= Date.parse(since));
  return { body: { done: true, records } };
}

function soqlObject(text: string): string {
  return /FROM (\w+)/.exec(text)?.[1] ?? '';
}

function tokenFor(form: URLSearchParams): Answered {
  const assertion = form.get('assertion');
  const good =
    assertion === null
      ? form.get('client_secret') === 'secret' && form.get('grant_type') === 'client_credentials'
      : claimsOf(assertion, publicKey)?.['sub'] === 'reader@shop.example';
  return good
    ? { body: { access_token: token, instance_url: server.url, token_type: 'Bearer' } }
    : { status: 400, body: { error: 'invalid_client' } };
}

it('gives all records by Bulk API, page by page, and single ones with their types', async () => {
  objects['Contact']?.push(record('003C', { FirstName: 'Cay' }));
  const source = await openSource(connector());
  expect([...(await scanned(source)).keys()]).toEqual(['003A', '003B', '003C']);
  expect(await source.rows(['003B', '003A', '003Z'])).toEqual([
    { Id: '003A', FirstName: 'Ada', Visits: 3 },
    { Id: '003B', FirstName: null, Visits: null },
  ]);
  await source.close();
});

it('fails the look where records are missing', async () => {
  counted = 3;
  const source = await openSource(connector());
  await expect(scanned(source)).rejects.toMatchObject({ name: 'SourceUnreachable' });
  await source.close();
});

it('asks for another session where one has ended, also by a JWT', async () => {
  const jwt = { clientSecret: undefined, username: 'reader@shop.example', privateKey: pem };
  const source = await openSource(connector(undefined, jwt));
  expect(await source.rows(['003A'])).toHaveLength(1);
  token = 'second';
  expect(await source.rows(['003A'])).toHaveLength(1);
  await source.close();
  await expect(
    (await openSource(connector(undefined, { clientSecret: 'wrong' }))).rows(['003A']),
  ).rejects.toThrow('invalid_client');
});

it('follows changes by their time, fires a trigger once, and not for a deleted record', async () => {
  const fake = await FakeDestination.start();
  objects['Opportunity'] = [record('006A', { StageName: 'Won', owner: '003A' })];
  const run = new Watching(connector(fake.url));
  try {
    await eventually('two users', () => fake.users.size === 2);
    expect(await run.told('begun')).toMatchObject({ reason: 'first', history: 1 });
    objects['Contact'] = [record('003A', { FirstName: 'Ada L.' }), record('003C', { FirstName: 'Cay' })];
    await eventually('the new name', () => fake.users.get('003A')?.tags['name'] === 'Ada L.');
    await eventually('the new one', () => fake.users.has('003C'));
    objects['Opportunity'].push(
      record('006B', { StageName: 'Won', owner: '003A', IsDeleted: true }),
      record('006C', { StageName: 'Won', owner: '003A' }),
    );
    await eventually('the event', () => fake.events.size === 1);
    expect(fake.violations).toEqual([]);
  } finally {
    await run.stop();
    await fake.stop();
  }
});

it('says which field it may not read', async () => {
  const source = await openSource(connector(undefined, { objects: { Contact: ['FirstName', 'Secret__c'] } }));
  const found = (await source.check()).filter(({ state }) => state === 'refused').map(({ detail }) => detail);
  expect(found).toContainEqual(expect.stringContaining('names Secret__c'));
  await source.close();
});
