import { afterEach, beforeEach, expect, it } from 'vitest';
import { crmConnector } from '../../fixtures/crm-connector.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { FakeDestination } from '../../fixtures/fake-destination.ts';
import { scanned } from '../../fixtures/file-shop.ts';
import { Watching } from '../../fixtures/watching.ts';
import { WireServer } from '../../fixtures/wire-server.ts';
import type { Answered, Asked } from '../../fixtures/wire-server.ts';
import { hubspot } from '../../index.ts';
import type { Connector } from '../../index.ts';
import { openSource } from '../open-source.ts';
import { SearchedObjects } from './searched-objects.ts';
import type { Found } from './searched-objects.ts';

let server: WireServer;
let objects: Record<string, Found[]>;
const removers: (() => void)[] = [];
beforeEach(async () => {
  server = await WireServer.start();
  server.answer = speak;
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

function speak({ method, path, query, headers, text }: Asked): Answered {
  if (headers.authorization !== 'Bearer the-token')
    return { status: 401, body: { category: 'INVALID_AUTHENTICATION' } };
  if (path.startsWith('/crm/v3/properties/')) {
    const types = { firstname: 'string', visits: 'number', dealstage: 'enumeration', owner: 'string' };
    return { body: { results: Object.entries(types).map(([name, type]) => ({ name, type })) } };
  }
  const [, object = '', action] = /^\/crm\/v3\/objects\/(\w+)(\/.+)?$/.exec(path) ?? [];
  const all = objects[object] ?? [];
  const asked = (text === '' ? {} : JSON.parse(text)) as Record<string, never>;
  if (method === 'GET') return { body: page(all, Number(query.get('after') ?? 0), 1) };
  if (action === '/search') return search(all, asked);
  const ids = ((asked['inputs'] ?? []) as { id: string }[]).map(({ id }) => id);
  const results = all.filter(({ id }) => ids.includes(id));
  return { status: results.length < ids.length ? 207 : 200, body: { status: 'COMPLETE', results } };
}

/** As HubSpot does: sorted by one property, and nothing behind the first 10,000. */
function search(all: readonly Found[], asked: Record<string, never>): Answered {
  const {
    filterGroups,
    sorts,
    limit,
    after = '0',
  } = asked as unknown as {
    filterGroups: { filters: { propertyName: string; operator: string; value: string }[] }[];
    sorts: { propertyName: string; direction: string }[];
    limit: number;
    after?: string;
  };
  const [filter] = filterGroups[0]?.filters ?? [];
  if (filter?.operator !== 'GTE' || sorts[0]?.propertyName !== filter.propertyName || limit > 200)
    return { status: 400 };
  if (Number(after) + limit > 10_000) return { status: 400, body: { message: 'beyond 10,000' } };
  const time = ({ properties }: Found) => Date.parse(properties[filter.propertyName] ?? '');
  const fitting = all
    .filter((one) => time(one) >= Number(filter.value))
    .toSorted((a, b) => time(a) - time(b));
  return { body: page(fitting, Number(after), limit) };
}

function page(all: readonly Found[], from: number, limit: number) {
  const next = from + limit < all.length ? { paging: { next: { after: String(from + limit) } } } : {};
  return { results: all.slice(from, from + limit), ...next };
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
