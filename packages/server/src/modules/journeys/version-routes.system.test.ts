import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Journey } from '@carillon/wire';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { appIdAsKey } from '../../platform/http/fixtures/app-id-as-key.ts';
import { createHttpServer } from '../../platform/http/server.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { JourneyStore, Journeys, journeysRoutes, journeyVersionRoutes } from './index.ts';

const APP = newId();
const TEMPLATE = newId();
const clock = new FakeClock();
let test: TestDatabase;
let server: HttpServer;

beforeAll(async () => {
  test = await createTestDatabase();
  const journeys = new Journeys({
    database: test.database,
    clock,
    named: {
      template: async (_, id) => (id === TEMPLATE ? { channel: 'email', readsEvents: false } : null),
      segment: async () => ({ isActive: true }),
      webhook: async () => null,
    },
    onChange: () => {},
    watchSegments: () => Promise.resolve(),
  });
  server = await createHttpServer({
    routes: [journeysRoutes(journeys), journeyVersionRoutes(journeys)],
    authenticator: appIdAsKey,
    log: createLog({ level: 'silent' }),
    clock,
  });
});
afterAll(async () => {
  await server.close();
  await test.drop();
});

// oxlint-disable-next-line typescript/no-explicit-any
type Answer = { readonly status: number; readonly body: any };

async function call(
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  payload?: object,
  app = APP,
): Promise<Answer> {
  const answer = await server.http.inject({
    method,
    url: `/apps/${app}/journeys${path}`,
    headers: { authorization: `Key ${app}` },
    ...(payload !== undefined && { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
}

const mail = { kind: 'send_email', template_id: TEMPLATE, client_node_id: 'mail' };
const pause = (seconds: number) => ({ kind: 'wait', duration_seconds: seconds });
const clicked = { kind: 'on_notification_action', action: 'clicked', client_node_id: 'mail' };
const body = {
  name: 'Welcome',
  audience: { kind: 'event_trigger', name: 'signed_up' },
  nodes: [
    mail,
    {
      kind: 'wait_until',
      branches: [{ condition: clicked, nodes: [pause(60)] }],
      expiration: { duration_seconds: 3_600 },
    },
  ],
};
const create = async (changes: object = {}): Promise<Journey> =>
  (await call('POST', '', { ...body, ...changes })).body;

/** What stays the same in a copy. */
const withoutIds = (value: unknown) =>
  JSON.parse(JSON.stringify(value), (name, inner: unknown) => (name === 'id' ? undefined : inner)) as unknown;

const forget = (nodes: Journey['nodes'], id = '') =>
  withoutIds(JSON.parse(JSON.stringify(nodes).replaceAll(id, 'first')));

describe('what is wrong with a journey', () => {
  it('is told all at once, by node, and keeps it from going live', async () => {
    const unknown = newId();
    const journey = await create({
      nodes: [{ ...mail, template_id: unknown }, { kind: 'exit' }, { kind: 'tag', assignments: { a: '1' } }],
    });
    const [first, , last] = journey.nodes;
    const error = {
      node_id: first?.id,
      client_node_id: 'mail',
      path: 'nodes[0].template_id',
      problem: `there is no template ${unknown}`,
      fix: 'choose a template of the channel email',
    };
    expect(await call('POST', `/${journey.id}/validate`)).toEqual({
      status: 200,
      body: {
        valid: false,
        errors: [error],
        warnings: [
          {
            node_id: last?.id,
            path: 'nodes[2]',
            problem: 'no run comes here: every way ends before it',
            fix: 'remove it, or the exit',
          },
        ],
      },
    });
    expect(await call('PATCH', `/${journey.id}`, { state: 'active' })).toEqual({
      status: 422,
      body: {
        errors: [
          {
            code: 'journey-invalid',
            title: `The journey cannot go live like this. nodes[0].template_id: there is no template ${unknown}: choose a template of the channel email. meta.errors has all that is wrong.`,
            meta: { errors: [error] },
          },
        ],
      },
    });
    expect((await call('GET', `/${journey.id}`)).body.state).toBe('draft');
  });

  it('of what goes on is nothing, and only looks like a mistake of warnings', async () => {
    const { id } = await create();
    expect(await call('POST', `/${id}/validate`)).toEqual({
      status: 200,
      body: { valid: true, errors: [], warnings: [] },
    });
    expect((await call('POST', `/${newId()}/validate`)).status).toBe(404);
    const another = newId();
    expect((await call('POST', `/${id}/validate`, undefined, another)).status).toBe(404);
  });

  it('stops a change of one that is live, which stays as it was', async () => {
    const { id } = await create();
    const live = (await call('PATCH', `/${id}`, { state: 'active' })).body;
    expect((await call('PATCH', `/${id}`, { nodes: [] })).status).toBe(422);
    expect((await call('GET', `/${id}`)).body).toEqual(live);
  });
});

describe('the schema of a journey file', () => {
  it('is there for editors, without a key', async () => {
    const answer = await server.http.inject({ method: 'GET', url: '/schemas/journey.json' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('application/schema+json');
    expect(answer.json()).toMatchObject({
      title: 'Carillon journey',
      properties: { nodes: { items: { $ref: '#/$defs/JourneyNodeInput' } } },
    });
  });
});

describe('versions', () => {
  it('are what went live, one for each change of it, and never change', async () => {
    const { id } = await create();
    await call('PATCH', `/${id}`, { hold_out_percent: 1 });
    expect((await call('GET', `/${id}/versions`)).body).toEqual({ versions: [], has_more: false });
    await call('PATCH', `/${id}`, { state: 'active' });
    const published = new Date(clock.now()).toISOString();
    const first = await call('GET', `/${id}/versions/1`);
    await clock.advance(1_000);
    await call('PATCH', `/${id}`, { name: 'Other' });
    const changed = await call('PATCH', `/${id}`, { hold_out_percent: 2 });
    expect(changed.body.version).toBe(2);
    // Twice the same is no change.
    expect((await call('PATCH', `/${id}`, { hold_out_percent: 2 })).body).toEqual(changed.body);

    expect(await call('GET', `/${id}/versions/1`)).toEqual(first);
    expect(first.body).toMatchObject({ version: 1, published_at: published, hold_out_percent: 1 });
    const page = await call('GET', `/${id}/versions?limit=1`);
    expect(page.body).toMatchObject({ versions: [{ version: 2 }], has_more: true });
    expect((await call('GET', `/${id}/versions?limit=1&cursor=${page.body.next_cursor}`)).body).toEqual({
      versions: [{ version: 1, published_at: published }],
      has_more: false,
    });
    expect((await call('GET', `/${id}/versions/3`)).status).toBe(404);
    expect((await call('GET', `/${id}/versions/x`)).status).toBe(400);
    expect((await call('GET', `/${newId()}/versions`)).status).toBe(404);
  });

  it('can be had back as a new draft, whose nodes are its own', async () => {
    const original = await create({ schedule: { stop_at: new Date(clock.now() + 3_600_000).toISOString() } });
    await call('PATCH', `/${original.id}`, { state: 'active' });
    await call('PATCH', `/${original.id}`, { nodes: [mail] });
    const copy = await call('POST', `/${original.id}/duplicate`, { from_version: 1 });
    expect(copy).toMatchObject({
      status: 201,
      body: { name: 'Copy of Welcome', state: 'draft', version: 0, schedule: null, started_at: null },
    });
    const [sent, until] = copy.body.nodes;
    expect(sent?.id).not.toBe(original.nodes[0]?.id);
    expect(until).toMatchObject({ branches: [{ condition: { sending_node_id: sent?.id } }] });
    expect(forget(copy.body.nodes, sent?.id)).toEqual(forget(original.nodes, original.nodes[0]?.id));
    const now = await call('POST', `/${original.id}/duplicate`, { name: 'Again' });
    expect(now.body).toMatchObject({ name: 'Again', nodes: [{ kind: 'send_email' }] });
    expect((await call('POST', `/${original.id}/duplicate`, { from_version: 9 })).status).toBe(404);
    expect((await call('POST', `/${original.id}/duplicate`, { from: 1 })).status).toBe(400);
  });
});

describe('a node', () => {
  it('is changed by itself, wherever it stands, and stays the same node', async () => {
    const journey = await create();
    const until = journey.nodes[1];
    if (until?.kind !== 'wait_until') throw new Error('the second node waits');
    const inside = until.branches[0]?.nodes[0] as { id: string };
    const path = `/${journey.id}/nodes/${inside.id}`;
    const changed = await call('PATCH', path, { duration_seconds: 120, annotation: 'longer' });
    expect(changed.body.nodes[1]).toMatchObject({
      id: until.id,
      branches: [{ nodes: [{ id: inside.id, duration_seconds: 120, annotation: 'longer' }] }],
    });
    expect((await call('PATCH', path, { kind: 'exit' })).body).toMatchObject({
      errors: [{ title: 'kind of a node cannot change: remove it, or replace the node in the journey' }],
    });
    expect((await call('PATCH', path, { id: newId() })).status).toBe(400);
    expect((await call('PATCH', path, { kind: 'wait', annotation: null })).status).toBe(200);
    expect((await call('PATCH', path, { duration_seconds: 1 })).body).toMatchObject({
      errors: [
        {
          title: 'nodes[1].branches[0].nodes[0].duration_seconds must be a whole number from 60 to 31556952',
        },
      ],
    });
    expect((await call('PATCH', path, { annotation: 'x', concurrency_key: '1' })).status).toBe(409);
    expect((await call('PATCH', `/${journey.id}/nodes/${newId()}`, {})).status).toBe(404);
  });
});

describe('many who change a journey at once', () => {
  it('lose nothing of each other, and those who name what they saw are told', async () => {
    const { id } = await create();
    const names = Array.from({ length: 8 }, (_, n) => `tag${n}`);
    const answers = await Promise.all(
      names.map((name) => call('PATCH', `/${id}`, { early_exit: { tag_on_early_exit: { [name]: '1' } } })),
    );
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
    const { early_exit: exit } = (await call('GET', `/${id}`)).body;
    expect(Object.keys(exit?.tag_on_early_exit ?? {}).toSorted()).toEqual(names);

    const { concurrency_key: seen } = (await call('GET', `/${id}`)).body;
    const racing = await Promise.all(
      names.map((name) => call('PATCH', `/${id}`, { description: name, concurrency_key: seen })),
    );
    expect(racing.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...names.slice(1).map(() => 409),
    ]);
  });
});

describe('a launch', () => {
  it('ends once, when it is known who is in the segments, and not after somebody has archived the journey', async () => {
    const audience = { kind: 'segment', included_segment_ids: [newId()] };
    const store = new JourneyStore(test.database);
    const { id } = await create({ audience });
    expect(await store.finishLaunch(APP, id, clock.now())).toBe(false);
    expect((await call('PATCH', `/${id}`, { state: 'active' })).body.state).toBe('processing');
    const launched = await store.find(APP, id);
    if (launched === undefined) throw new Error('the journey is not there');
    expect(await store.finishLaunch(APP, id, clock.now())).toBe(false);
    expect(await store.endAwaiting({ ...launched, version: 2 }, clock.now())).toBe(false);
    expect(await store.endAwaiting(launched, clock.now())).toBe(true);
    expect(await store.endAwaiting(launched, clock.now())).toBe(false);
    expect((await call('GET', `/${id}`)).body).toMatchObject({ state: 'processing', awaits_segments: false });
    expect(await store.finishLaunch(APP, id, clock.now())).toBe(true);
    expect(await store.finishLaunch(APP, id, clock.now())).toBe(false);
    expect((await call('GET', `/${id}`)).body).toMatchObject({ state: 'active', version: 1 });
    const stopped = await create({ audience });
    await call('PATCH', `/${stopped.id}`, { state: 'active' });
    await call('PATCH', `/${stopped.id}`, { state: 'archived' });
    expect(await store.finishLaunch(APP, stopped.id, clock.now())).toBe(false);
  });
});

describe('the list of journeys', () => {
  it('can be asked for those in some states', async () => {
    const app = newId();
    const made = async (state: string) => {
      const { id } = (await call('POST', '', body, app)).body;
      if (state !== 'draft') await call('PATCH', `/${id}`, { state }, app);
      await clock.advance(1);
    };
    for (const state of ['draft', 'active', 'archived', 'draft']) await made(state);
    const states = async (query: string) =>
      (await call('GET', query, undefined, app)).body.journeys.map(({ state }: Journey) => state);
    expect(await states('?state=draft')).toEqual(['draft', 'draft']);
    expect(await states('?state=active&state=archived')).toEqual(['archived', 'active']);
    expect((await call('GET', '?state=gone', undefined, app)).status).toBe(400);
    const page = await call('GET', '?state=draft&limit=1', undefined, app);
    const next = `?limit=1&cursor=${page.body.next_cursor}`;
    expect(await states(`${next}&state=draft`)).toEqual(['draft']);
    expect((await call('GET', next, undefined, app)).status).toBe(400);
  });
});
