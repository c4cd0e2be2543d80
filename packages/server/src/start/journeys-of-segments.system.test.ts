import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { loadConfig } from '../platform/config/index.ts';
import { createLog } from '../platform/log.ts';
import { startCarillon } from './start.ts';
import type { Carillon } from './start.ts';

let db: TestDatabase;
let carillon: Carillon;

beforeAll(async () => {
  db = await createTestDatabase();
  const env = {
    DATABASE_URL: db.url,
    CARILLON_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    CARILLON_PORT: '0',
  };
  carillon = await startCarillon(loadConfig(env), { log: createLog({ level: 'silent' }) });
});
afterAll(async () => {
  await carillon.stop();
  await db.drop();
});

// oxlint-disable-next-line typescript/no-explicit-any
async function call(method: string, path: string, body?: object): Promise<any> {
  const answer = await fetch(`${carillon.url}/apps/${carillon.appId}${path}`, {
    method,
    headers: { authorization: `Key ${carillon.appKey}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return answer.json();
}
const addUser = (id: string, plan: string) =>
  call('POST', '/users', { identity: { external_id: id }, properties: { tags: { plan } } });
const tagsOf = async (id: string) => (await call('GET', `/users/by/external_id/${id}`)).properties.tags;

const yes = (filters: object[], name: string) =>
  call('POST', '/segments', { name, filters }).then(({ id }) => id as string);

test('a journey that asks for a segment takes events from its first moment, and waits with them for the answer', async () => {
  await addUser('olga', 'team');
  await addUser('paul', 'free');
  const segment = await yes([{ field: 'tag', key: 'plan', relation: '=', value: 'team' }], 'Team');
  const { id } = await call('POST', '/journeys', {
    name: 'Who is in a team',
    audience: { kind: 'event_trigger', name: 'asked' },
    nodes: [
      {
        kind: 'yes_no',
        branches: [
          {
            condition: { kind: 'segment_membership', included_segment_ids: [segment] },
            nodes: [{ kind: 'tag', assignments: { in_team: 'yes' } }],
          },
          { nodes: [{ kind: 'tag', assignments: { in_team: 'no' } }] },
        ],
      },
    ],
  });
  const live = await call('PATCH', `/journeys/${id}`, { state: 'active' });
  expect(live).toMatchObject({ state: 'processing', awaits_segments: true });
  const events = ['olga', 'paul'].map((external_id) => ({ name: 'asked', external_id }));
  expect(await call('POST', '/custom_events', { events })).toEqual({});
  await until('both have been asked', async () => {
    return (await tagsOf('olga')).in_team !== undefined && (await tagsOf('paul')).in_team !== undefined;
  });
  expect(await tagsOf('olga')).toEqual({ plan: 'team', in_team: 'yes' });
  expect(await tagsOf('paul')).toEqual({ plan: 'free', in_team: 'no' });
  expect(await call('GET', `/journeys/${id}`)).toMatchObject({ state: 'active', awaits_segments: false });
  // A change that names a segment which nobody has watched so far.
  const free = await yes([{ field: 'tag', key: 'plan', relation: '=', value: 'free' }], 'Free');
  const exits = { early_exit: { rules: { on_segment: { included_segment_ids: [free] } } } };
  expect(await call('PATCH', `/journeys/${id}`, exits)).toMatchObject({
    state: 'active',
    awaits_segments: true,
  });
  await until('it goes on', async () => !(await call('GET', `/journeys/${id}`)).awaits_segments);
  expect(await call('DELETE', `/journeys/${id}`)).toEqual({ success: true });
});

test('a journey for segments lets in who is in them at its launch and who comes later, and is active then', async () => {
  await addUser('anna', 'pro');
  await addUser('ben', 'free');
  const filters = [{ field: 'tag', key: 'plan', relation: '=', value: 'pro' }];
  const segment = (await call('POST', '/segments', { name: 'Pro', filters })).id as string;
  const { id } = await call('POST', '/journeys', {
    name: 'Welcome to Pro',
    audience: { kind: 'segment', included_segment_ids: [segment] },
    nodes: [{ kind: 'tag', assignments: { welcomed: 'yes' } }],
  });
  expect(await call('PATCH', `/journeys/${id}`, { state: 'active' })).toMatchObject({ state: 'processing' });
  await until('everybody has been let in', async () => {
    return (await call('GET', `/journeys/${id}`)).state === 'active';
  });
  await until('anna is welcomed', async () => (await tagsOf('anna')).welcomed === 'yes');
  expect(await tagsOf('ben')).toEqual({ plan: 'free' });
  await call('PATCH', '/users/by/external_id/ben', { properties: { tags: { plan: 'pro' } } });
  await until('ben is welcomed', async () => (await tagsOf('ben')).welcomed === 'yes');
  expect(await call('DELETE', `/journeys/${id}`)).toEqual({ success: true });
  const watched = await db.database.rows({ name: '', text: 'select from segment_watches' });
  expect(watched).toEqual([]);
});
