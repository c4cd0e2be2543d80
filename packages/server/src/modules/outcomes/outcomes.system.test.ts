import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { appIdAsKey } from '../../platform/http/fixtures/app-id-as-key.ts';
import { createHttpServer } from '../../platform/http/server.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { Outcomes, outcomeRoutes } from './index.ts';

const HOUR_MS = 3_600_000;
const clock = new FakeClock();
let test: TestDatabase;
let outcomes: Outcomes;
let server: HttpServer;

beforeAll(async () => {
  test = await createTestDatabase();
  outcomes = new Outcomes({ database: test.database, clock });
  server = await createHttpServer({
    routes: [outcomeRoutes(outcomes)],
    authenticator: appIdAsKey,
    log: createLog({ level: 'silent' }),
    clock,
  });
});
afterAll(async () => {
  await server.close();
  await test.drop();
});

async function report(app: string, body: object, path = 'measure') {
  const answer = await server.http.inject({
    method: 'POST',
    url: `/outcomes/${path}`,
    payload: { app_id: app, subscription: { id: newId(), type: 'ChromePush' }, ...body },
  });
  return { status: answer.statusCode, body: answer.json() as unknown };
}

async function view(app: string, query: Record<string, string>, key = app) {
  const answer = await server.http.inject({
    method: 'GET',
    url: `/apps/${app}/outcomes`,
    query,
    headers: { authorization: `Key ${key}` },
  });
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
}

/** The sums as text, in the order of the answer: `sale.count 2`. */
async function sums(app: string, names: string, query: Record<string, string> = {}) {
  const { body } = await view(app, { outcome_names: names, ...query });
  const list = body['outcomes'] as { id: string; aggregation: string; value: number }[];
  return list.map(({ id, aggregation, value }) => `${id}.${aggregation} ${value}`);
}

async function message(app: string): Promise<string> {
  const id = newId();
  await test.database.run(
    {
      name: '',
      text: `insert into messages (id, app_id, kind, channel, content_id, queued_at, send_after)
             values ($1, $2, 'api', 'email', $1, now(), now())`,
    },
    [id, app],
  );
  return id;
}

describe('what devices report', () => {
  it('is counted and summed, also when many report at the same time', async () => {
    const app = newId();
    const answers = await Promise.all(
      Array.from({ length: 700 }, (_, n) => report(app, { id: n % 2 === 0 ? 'sale' : 'visit', weight: 2.5 })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await sums(app, 'sale.count,sale.sum,visit.count,nothing.sum')).toEqual([
      'sale.count 350',
      'sale.sum 875',
      'visit.count 350',
      'nothing.sum 0',
    ]);
  });

  it('adds the seconds of sessions, and nothing for an outcome without a weight', async () => {
    const app = newId();
    await report(app, { id: 'os__session_duration', session_time: 13, weight: 99 });
    await report(app, { id: 'os__session_duration', session_time: 7 });
    await report(app, { id: 'seen' });
    expect(
      await sums(app, 'os__session_duration.sum,os__session_duration.count,seen.count,seen.sum'),
    ).toEqual(['os__session_duration.sum 20', 'os__session_duration.count 2', 'seen.count 1', 'seen.sum 0']);
  });

  it('counts once for the app and once for each message that has a share in it', async () => {
    const app = newId();
    const [first, second] = [await message(app), await message(app)];
    await report(app, { id: 'sale', weight: 5, direct: true, notification_ids: [first] });
    await report(app, { id: 'sale', weight: 3, direct: false, notification_ids: [first, second, first] });
    await report(app, { id: 'sale', weight: 1 });
    const of = (outcome_attribution: string) => sums(app, 'sale.count,sale.sum', { outcome_attribution });
    expect(await of('direct')).toEqual(['sale.count 1', 'sale.sum 5']);
    expect(await of('influenced')).toEqual(['sale.count 1', 'sale.sum 3']);
    expect(await of('unattributed')).toEqual(['sale.count 1', 'sale.sum 1']);
    expect(await of('total')).toEqual(['sale.count 3', 'sale.sum 9']);
    const rows = await test.database.rows(
      {
        name: '',
        text: `select message_id = $2 as first, attribution, count::int, sum from outcome_counts
               where app_id = $1 and message_id = any ($3) order by sum, first`,
      },
      [app, first, [first, second]],
    );
    expect(rows).toEqual([
      { first: false, attribution: 'influenced', count: 1, sum: 3 },
      { first: true, attribution: 'influenced', count: 1, sum: 3 },
      { first: true, attribution: 'direct', count: 1, sum: 5 },
    ]);
  });

  it('is not the merit of a message of another app', async () => {
    const app = newId();
    const foreign = await message(newId());
    await report(app, { id: 'sale', direct: true, notification_ids: [foreign] });
    expect(await sums(app, 'sale.count', { outcome_attribution: 'direct' })).toEqual(['sale.count 0']);
    expect(await sums(app, 'sale.count', { outcome_attribution: 'unattributed' })).toEqual(['sale.count 1']);
  });

  it('may come with sources, of which a direct one counts before the others', async () => {
    const app = newId();
    const [clicked, came] = [await message(app), await message(app)];
    const sources = { direct: { notification_ids: [clicked] }, indirect: { notification_ids: [came] } };
    const phone = { subscription: undefined, device_type: 0 };
    await report(app, { ...phone, id: 'sale', sources }, 'measure_sources');
    await report(app, { ...phone, id: 'sale', sources: { indirect: sources.indirect } }, 'measure_sources');
    await report(app, { ...phone, id: 'sale' }, 'measure_sources');
    for (const attribution of ['direct', 'influenced', 'unattributed']) {
      expect(await sums(app, 'sale.count', { outcome_attribution: attribution })).toEqual(['sale.count 1']);
    }
  });

  it.each([
    [{ id: '' }, 'id'],
    [{ id: 'x'.repeat(129) }, 'id'],
    [{ id: 'a\u0000b' }, 'NUL'],
    [{ id: 'os__click' }, 'os__click'],
    [{ id: 'sale', weight: 'much' }, 'weight'],
    [{ id: 'sale', weight: 1e13 }, 'weight'],
    [{ id: 'sale', notification_ids: ['no id'] }, 'notification_ids'],
    [{ id: 'sale', subscription: undefined }, 'device_type'],
    [{ id: 'sale', subscription: { type: 'Pigeon' } }, 'subscription'],
    [{ id: 'sale', subscription: undefined, device_type: 99 }, 'device_type'],
  ])('is refused with the field named when it is wrong: %j', async (body, named) => {
    const app = newId();
    const answer = await report(app, body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(named);
    expect(await sums(app, 'sale.count')).toEqual(['sale.count 0']);
  });
});

describe('the sums of an app', () => {
  it('are those of the range, and are forgotten after 30 days', async () => {
    const app = newId();
    const of = (outcome_time_range: string) => sums(app, 'sale.count', { outcome_time_range });
    await report(app, { id: 'sale' });
    await clock.advance(2 * HOUR_MS);
    await report(app, { id: 'sale' });
    expect(await of('1h')).toEqual(['sale.count 1']);
    expect(await of('1d')).toEqual(['sale.count 2']);
    await clock.advance(48 * HOUR_MS);
    expect(await of('1d')).toEqual(['sale.count 0']);
    await outcomes.forgetOld();
    expect(await of('1mo')).toEqual(['sale.count 2']);
    await clock.advance(28 * 24 * HOUR_MS - HOUR_MS);
    await outcomes.forgetOld();
    expect(await of('1mo')).toEqual(['sale.count 1']);
  });

  it('are those of the platforms that are asked for', async () => {
    const app = newId();
    await report(app, { id: 'sale' });
    await report(app, { id: 'sale', subscription: { type: 'androidpush' } });
    expect(await sums(app, 'sale.count', { outcome_platforms: '5' })).toEqual(['sale.count 1']);
    expect(await sums(app, 'sale.count', { outcome_platforms: '1,5' })).toEqual(['sale.count 2']);
    expect(await sums(app, 'sale.count', { outcome_platforms: '0' })).toEqual(['sale.count 0']);
    const wrong = await view(app, { outcome_names: 'sale.count', outcome_platforms: '1,x' });
    expect(wrong.status).toBe(400);
  });

  it('are found under names with commas, one to a parameter', async () => {
    const app = newId();
    await report(app, { id: 'sale, big' });
    const { body } = await view(app, { 'outcome_names[]': 'sale, big.count' });
    expect(body).toEqual({ outcomes: [{ id: 'sale, big', value: 1, aggregation: 'count' }] });
  });

  it.each(['', 'sale', 'sale.count,other', '.sum', 'sale.max'])(
    'need .sum or .count behind every name: not %j',
    async (names) => {
      expect(await view(newId(), { outcome_names: names })).toEqual({
        status: 400,
        body: { errors: ['Add .sum or .count to every requested outcome id'] },
      });
    },
  );

  it('are closed to the key of another app, and to nobody in particular', async () => {
    const app = newId();
    expect((await view(app, { outcome_names: 'sale.count' }, newId())).status).toBe(403);
    const bare = await server.http.inject({
      method: 'GET',
      url: `/apps/${app}/outcomes?outcome_names=a.sum`,
    });
    expect(bare.statusCode).toBe(403);
  });
});
