import { afterEach, beforeEach, expect, it } from 'vitest';
import { crmConnector } from '../../fixtures/crm-connector.ts';
import { HubspotWire, search } from '../../fixtures/crm/hubspot-wire.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { FakeDestination } from '../../fixtures/fake-destination.ts';
import { scanned } from '../../fixtures/file-shop.ts';
import { Watching } from '../../fixtures/watching.ts';
import { WireServer } from '../../fixtures/wire-server.ts';
import { hubspot } from '../../index.ts';
import type { Connector } from '../../index.ts';
import { openSource } from '../open-source.ts';
import { SearchedObjects } from './searched-objects.ts';
import type { Found } from './searched-objects.ts';

const PROPERTIES = [
  { name: 'firstname', type: 'string' },
  { name: 'visits', type: 'number' },
  { name: 'dealstage', type: 'enumeration' },
  { name: 'owner', type: 'string' },
];

let server: WireServer;
let objects: Record<string, Found[]>;
const removers: (() => void)[] = [];
beforeEach(async () => {
  server = await WireServer.start();
  const wire = new HubspotWire({
    properties: () => Promise.resolve(PROPERTIES),
    records: (object) => Promise.resolve(objects[object] ?? []),
  });
  server.answer = (asked) => wire.answer(asked);
  objects = {
    contacts: [found('1', { firstname: 'Ada', visits: '3' }), found('2', { firstname: '' })],
    deals: [],
  };
});
afterEach(async () => {
  for (const remove of removers.splice(0)) remove();
  await server.stop();
});

function found(id: string, properties: Record<string, string>, time = new Date().toISOString()): Found {
  return { id, properties: { ...properties, lastmodifieddate: time, hs_lastmodifieddate: time } };
}

function connector(url?: string, token = 'the-token'): Connector {
  const source = hubspot({
    url: server.url,
    token,
    every: '50ms',
    objects: { contacts: ['firstname', 'visits'], deals: ['dealstage', 'owner'] },
  });
  const made = crmConnector(source, ['contacts', 'id', 'firstname'], ['deals', { dealstage: 'won' }], url);
  removers.push(made.remove);
  return made.connector;
}

it('lists all records page by page, and gives single ones with their types', async () => {
  const source = await openSource(connector());
  expect([...(await scanned(source)).keys()]).toEqual(['1', '2']);
  expect(await source.rows(['1', '2', '3'])).toEqual([
    { id: '1', firstname: 'Ada', visits: 3 },
    { id: '2', firstname: null, visits: null },
  ]);
  await source.close();
});

it('waits out the limit of requests, and says who refuses', async () => {
  const source = await openSource(connector());
  const limited = {
    status: 429,
    headers: { 'retry-after': '0' },
    body: { policyName: 'TEN_SECONDLY_ROLLING' },
  };
  server.faults.push(limited, limited);
  expect(await source.rows(['1'])).toHaveLength(1);
  await source.close();
  const wrong = await openSource(connector(undefined, 'another'));
  const failure = await wrong.rows(['1']).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'SourceRefused' });
  expect(String(failure)).not.toContain('another');
  await wrong.close();
});

it('follows changes by their time and fires a trigger once', async () => {
  const fake = await FakeDestination.start();
  objects['deals'] = [found('9', { dealstage: 'won', owner: '1' })];
  const run = new Watching(connector(fake.url));
  try {
    await eventually('two users', () => fake.users.size === 2);
    expect(await run.told('begun')).toMatchObject({ reason: 'first', history: 1 });
    objects['contacts'] = [found('1', { firstname: 'Ada L.' }), found('3', { firstname: 'Cay' })];
    await eventually('the new name', () => fake.users.get('1')?.tags['name'] === 'Ada L.');
    await eventually('the new one', () => fake.users.has('3'));
    objects['deals'].push(found('10', { dealstage: 'won', owner: '1' }));
    await eventually('the event', () => fake.events.size === 1);
    expect(fake.violations).toEqual([]);
  } finally {
    await run.stop();
    await fake.stop();
  }
});

it('finds more than the 10,000 records that a search tells', async () => {
  const all = Array.from({ length: 25_000 }, (_, at) =>
    found(String(at), {}, new Date(at - (at % 50)).toISOString()),
  );
  const table = new SearchedObjects(
    'public.contacts',
    'lastmodifieddate',
    (body) => {
      const { status = 200, body: page } = search(all, body as never);
      if (status !== 200) throw new Error('The search was refused.');
      return Promise.resolve(page as never);
    },
    ({ id }) => Promise.resolve({ id }),
  );
  const ids = new Set<string>();
  let rows = await table.page({ from: new Date(0).toISOString(), backMs: 0 }, 1000);
  for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
    for (const { key } of rows) ids.add(key[0] ?? '');
    rows = await table.page({ after: last }, 1000);
  }
  expect(ids.size).toBe(25_000);
});
