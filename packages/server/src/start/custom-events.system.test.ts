import { until } from '@carillon/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../platform/ids.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

let server: MailingServer;
let anna: string;
let number = 0;

beforeAll(async () => {
  server = await MailingServer.start();
  anna = await newUser('anna');
  await newUser('ben');
});
afterAll(() => server.stop());

const of = (path = '') => server.of(`custom_events${path}`);
const list = (query = '') => server.done('GET', of(query));

const view = (name: string) => server.done('GET', of(`/names/${encodeURIComponent(name)}`));
const policy = (unknown: string) =>
  server.done(
    'PATCH',
    server.of('policy'),
    { unknown_event_users: unknown },
    server.carillon.organizationKey,
  );

async function newUser(externalId: string): Promise<string> {
  const { identity } = await server.done('POST', server.of('users'), {
    identity: { external_id: externalId },
  });
  return identity.onesignal_id;
}

/** A name that no other test has. */
function newName(): string {
  number += 1;
  return `event_${number}`;
}

async function take(...events: readonly object[]) {
  return (await server.done('POST', of(), { events })) as { errors?: readonly { error: object }[] };
}

async function all(query: string): Promise<{ id: string; properties: { n: number } }[]> {
  const found = [];
  for (let cursor = ''; ;) {
    const page = await list(`${query}${cursor}`);
    found.push(...page.events);
    if (page.next_cursor === undefined) return found;
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
  }
}

describe('GET /apps/{app_id}/custom_events', () => {
  it('lists what came, the newest first, in pages that leave nothing out', async () => {
    const name = newName();
    for (let n = 0; n < 7; n += 1) await take({ name, external_id: 'anna', properties: { n } });
    const found = await all(`?name=${name}&limit=3`);
    expect(found.map(({ properties }) => properties.n).toSorted((a, b) => b - a)).toEqual([
      6, 5, 4, 3, 2, 1, 0,
    ]);
    expect((await list(`?name=${name}&limit=1`)).events).toMatchObject([
      { name, onesignal_id: anna, external_id: 'anna', source: 'api', received_at: expect.any(String) },
    ]);
  });

  it('finds events of a user, of a source, and of a time', async () => {
    const name = newName();
    const key = newId();
    await take(
      { name, external_id: 'anna', idempotency_key: key, timestamp: '2020-01-01T00:00:00Z' },
      { name, external_id: 'ben' },
    );
    const device = await fetch(`${server.carillon.url}${of()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ events: [{ name, onesignal_id: anna }] }),
    });
    expect(device.status).toBe(202);
    expect(await all(`?name=${name}`)).toHaveLength(3);
    expect(await all(`?name=${name}&external_id=anna`)).toHaveLength(2);
    expect(await all(`?name=${name}&onesignal_id=${anna}&source=device`)).toHaveLength(1);
    expect(await all(`?name=${name}&source=api&external_id=anna`)).toMatchObject([
      { id: key, timestamp: '2020-01-01T00:00:00.000Z' },
    ]);
    expect(await all(`?external_id=nobody`)).toEqual([]);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect(await all(`?name=${name}&start_time=${tomorrow}`)).toEqual([]);
    expect(await all(`?name=${name}&end_time=${tomorrow}`)).toHaveLength(3);
    expect(await all(`?name=${name}&end_time=1600000000`)).toEqual([]);
  });

  it('refuses a cursor of another list, and times that cannot be read', async () => {
    const name = newName();
    await take({ name, external_id: 'anna' }, { name, external_id: 'anna' });
    const { next_cursor: cursor } = await list(`?name=${name}&limit=1`);
    expect((await server.call('GET', of(`?cursor=${cursor}`))).status).toBe(400);
    const answer = await server.call('GET', of('?start_time=yesterday'));
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([
      400,
      expect.stringContaining('start_time must be'),
    ]);
  });
});

describe('the catalogue of names', () => {
  it('knows how many came, from when to when, from where, and what the newest said', async () => {
    const name = `cart/left ${newName()}`;
    const key = newId();
    await take({ name, external_id: 'anna', properties: { n: 1 }, idempotency_key: key });
    // The same once more, and again beside another one: neither counts.
    await take({ name, external_id: 'anna', properties: { n: 1 }, idempotency_key: key });
    await take(
      { name, external_id: 'anna', properties: { n: 1 }, idempotency_key: key },
      { name, external_id: 'ben', properties: { n: 2 } },
    );
    const shown = await view(name);
    expect(shown).toMatchObject({
      name,
      total: 2,
      sources: ['api'],
      last_properties: { n: 2 },
      retention_days: null,
      used_by: { journeys: [], segments: [] },
    });
    expect(shown.first_seen <= shown.last_seen).toBe(true);
  });

  it('lists names in their order, in pages, and those that begin so', async () => {
    const base = newName();
    const names = ['a', 'b', 'c'].map((end) => `${base}_${end}`);
    await take(...names.map((name) => ({ name, external_id: 'anna' })));
    const first = await list(`/names?prefix=${base}_&limit=2`);
    const second = await list(
      `/names?prefix=${base}_&limit=2&cursor=${encodeURIComponent(first.next_cursor)}`,
    );
    const found = [...first.names, ...second.names].map(({ name }: { name: string }) => name);
    expect([found, second.next_cursor]).toEqual([names, undefined]);
  });

  it('tells which journeys and segments ask for a name', async () => {
    const name = newName();
    await take({ name, external_id: 'anna' });
    const journey = await server.done('POST', server.of('journeys'), {
      name: 'By event',
      audience: { kind: 'event_trigger', name },
      nodes: [{ kind: 'wait', duration_seconds: 60 }],
    });
    const segment = await server.done('POST', server.of('segments'), {
      name: `Did ${name}`,
      filters: [{ field: 'custom_event', key: name }],
    });
    expect((await view(name)).used_by).toEqual({
      journeys: [{ id: journey.id, name: 'By event' }],
      segments: [{ id: segment.id, name: `Did ${name}` }],
    });
  });

  it('keeps events for as long as it is told, and never for less than 30 days', async () => {
    const name = newName();
    await take({ name, external_id: 'anna' });
    const set = (days: unknown, path = `/names/${name}`) =>
      server.call('PATCH', of(path), { retention_days: days });
    expect((await set(29)).status).toBe(400);
    expect((await set(30)).body).toMatchObject({ name, retention_days: 30, total: 1 });
    expect((await set(null)).body).toMatchObject({ retention_days: null });
    expect((await set(30, '/names/never_seen')).status).toBe(404);
  });
});

describe('an event about an external_id that nobody has', () => {
  it('is refused at first, and makes the user where the app says so, with a word in the history', async () => {
    const name = newName();
    const event = { name, external_id: 'newcomer' };
    expect((await take(event)).errors).toMatchObject([{ error: { code: 'not found' } }]);
    await policy('create');
    expect(await take(event, { ...event, properties: { n: 2 } }, { name, onesignal_id: newId() })).toEqual({
      errors: [expect.objectContaining({ error: expect.objectContaining({ code: 'not found' }) })],
    });
    expect(await all(`?name=${name}&external_id=newcomer`)).toHaveLength(2);
    const history = await until('it is in the history', async () => {
      const { changes } = await server.done('GET', server.of('users/by/external_id/newcomer/history'));
      return changes.length > 0 && changes;
    });
    expect(history).toMatchObject([{ source: 'events' }]);
    await policy('refuse');
    expect((await take({ name, external_id: 'another' })).errors).toHaveLength(1);
  });

  it('that may not be one is told by its own words', async () => {
    await policy('create');
    const answer = await take(
      { name: newName(), external_id: 'null' },
      { name: newName(), external_id: 'x1' },
    );
    expect(answer.errors).toMatchObject([{ event_user_id: 'null', error: { code: 'invalid' } }]);
    await policy('refuse');
  });
});
