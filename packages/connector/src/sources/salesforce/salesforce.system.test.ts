import { afterEach, beforeEach, expect, it } from 'vitest';
import { crmConnector } from '../../fixtures/crm-connector.ts';
import { SalesforceWire } from '../../fixtures/crm/salesforce-wire.ts';
import type { SalesforceRecord } from '../../fixtures/crm/salesforce-wire.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { FakeDestination } from '../../fixtures/fake-destination.ts';
import { scanned } from '../../fixtures/file-shop.ts';
import { rsaKey } from '../../fixtures/rsa-key.ts';
import { Watching } from '../../fixtures/watching.ts';
import { WireServer } from '../../fixtures/wire-server.ts';
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

let server: WireServer;
let wire: SalesforceWire;
let objects: Record<string, SalesforceRecord[]>;
const removers: (() => void)[] = [];
beforeEach(async () => {
  server = await WireServer.start();
  wire = new SalesforceWire(
    {
      fields: () => Promise.resolve(FIELDS),
      records: (object) => Promise.resolve(objects[object] ?? []),
    },
    publicKey,
  );
  server.answer = (asked) => wire.answer(asked);
  objects = {
    Contact: [record('003A', { FirstName: 'Ada', Visits: 3 }), record('003B', { FirstName: null })],
    Opportunity: [],
  };
});
afterEach(async () => {
  for (const remove of removers.splice(0)) remove();
  await server.stop();
});

function record(Id: string, fields: Partial<SalesforceRecord>): SalesforceRecord {
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
  wire.counted = 3;
  const source = await openSource(connector());
  await expect(scanned(source)).rejects.toMatchObject({ name: 'SourceUnreachable' });
  await source.close();
});

it('asks for another session where one has ended, also by a JWT', async () => {
  const jwt = { clientSecret: undefined, username: 'reader@shop.example', privateKey: pem };
  const source = await openSource(connector(undefined, jwt));
  expect(await source.rows(['003A'])).toHaveLength(1);
  wire.token = 'second';
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
