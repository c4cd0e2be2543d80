import { gunzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@carillon/test-kit';
import { newId } from '../platform/ids.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

const DOCUMENTED =
  'id,identifier,session_count,language,timezone,game_version,device_os,device_type,device_model,ad_id,tags,' +
  'last_active,playtime,amount_spent,created_at,invalid_identifier';
/** Everything that a line of CSV, of JSON and a row of PostgreSQL could trip over. */
const AWKWARD = 'a,"b" (c)\\d\\\\ é\n{e}';

let server: MailingServer;
let anna: { readonly userId: string; readonly email: string; readonly push: string };

beforeAll(async () => {
  server = await MailingServer.start({ CARILLON_LIMIT_EXPORTS: 'off' });
  const made = await server.done('POST', server.of('users'), {
    identity: { external_id: 'anna', crm: 'c "1", \\' },
    properties: {
      tags: { said: AWKWARD, plan: 'gold' },
      language: 'nl',
      timezone_id: 'Asia/Kolkata',
      country: 'NL',
      lat: 52.1,
      long: 5.2,
    },
    subscriptions: [
      { type: 'Email', token: 'anna@example.com' },
      {
        type: 'AndroidPush',
        token: 'device-of-anna',
        device_model: AWKWARD,
        device_os: '14',
        app_version: '1.2',
        rooted: true,
        session_count: 3,
        session_time: 70,
      },
    ],
  });
  const of = (type: string) =>
    made.subscriptions.find((one: { type: string }) => one.type === type)?.id as string;
  anna = { userId: made.identity.onesignal_id, email: of('Email'), push: of('AndroidPush') };
  await server.done('POST', server.of('users'), {
    identity: { external_id: 'ben' },
    subscriptions: [{ type: 'Email', token: 'ben@example.com', enabled: false }],
  });
});
afterAll(() => server.stop());

async function fetchReady(url: string): Promise<Buffer> {
  return until('the file is ready', async () => {
    const answer = await fetch(url);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200) expect(answer.status).toBe(403);
    return answer.status === 200 && bytes;
  });
}

async function csvExport(body?: object): Promise<string> {
  const path = `/players/csv_export?app_id=${server.carillon.appId}`;
  const { csv_file_url: url } = await server.done('POST', path, body);
  expect(url).toMatch(/\/exports\/[\w-]{40,}\/users_\d{4}-\d\d-\d\d\.csv\.gz$/);
  return gunzipSync(await fetchReady(url)).toString();
}

/** An export that is ready, and its file. */
async function exported(body: object) {
  const { id, url } = await server.done('POST', server.of('exports'), body);
  const file = await fetchReady(url);
  return { view: await server.done('GET', server.of(`exports/${id}`)), file, url };
}

async function rowsOf(body: object): Promise<Record<string, unknown>[]> {
  const { file } = await exported({ ...body, format: 'jsonl' });
  const lines = gunzipSync(file).toString().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const escaped = (part: string) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

const saveSegment = (name: string, filters: object[]) =>
  server.done('POST', server.of('segments'), { name, filters });

/** Who is in the documented file, by address. */
async function addresses(body: object): Promise<string[]> {
  const found = (await csvExport(body)).matchAll(/,([\w.-]+@example\.com|device-of-anna),/g);
  return [...found].map(([, address = '']) => address).toSorted();
}

describe('POST /players/csv_export', () => {
  it('has the documented columns, and a line for each subscription, however awkward its values', async () => {
    const text = await csvExport();
    expect(text.slice(0, text.indexOf('\r\n'))).toBe(DOCUMENTED);
    const tags = quoted(JSON.stringify({ plan: 'gold', said: AWKWARD }).replaceAll(/(":|,)(?=")/g, '$1 '));
    const time = String.raw`"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"`;
    const before = `${anna.push},device-of-anna,3,nl,19800,1.2,14,1,${quoted(AWKWARD)},,${tags},`;
    expect(text).toMatch(new RegExp(`\r\n${escaped(before)}${time},70,0,${time},f\r\n`));
    expect(text).toMatch(/\r\n[-\w]+,ben@example\.com,0,,,,,11,,,\{\},.*,t\r\n/);
    expect(text.endsWith('\r\n')).toBe(true);
  });

  it('has the fields that are asked for besides, in their order', async () => {
    const extra = ['external_user_id', 'onesignal_id', 'location', 'country', 'rooted', 'notification_types'];
    const text = await csvExport({ extra_fields: [...extra, 'timezone_id', 'unsubscribed_at', 'ip'] });
    const columns = 'external_user_id,onesignal_id,lat,long,country,rooted,notification_types,timezone_id';
    expect(text.slice(0, text.indexOf('\r\n'))).toBe(`${DOCUMENTED},${columns},unsubscribed_at,ip`);
    expect(text).toContain(`,anna,${anna.userId},52.1,5.2,NL,t,1,Asia/Kolkata,,\r\n`);
  });

  it('has who is subscribed of a segment, all of it where that is asked, and who was there since', async () => {
    const both = ['anna@example.com', 'device-of-anna'];
    expect(await addresses({ segment_name: 'Subscribed Users' })).toEqual(both);
    expect(await addresses({ segment_name: 'Active Users' })).toEqual(both);
    expect(await addresses({ segment_name: 'Inactive Users' })).toEqual([]);
    const all = { segment_name: 'Subscribed Users', include_unsubscribed: true };
    expect(await addresses(all)).toEqual(['anna@example.com', 'ben@example.com', 'device-of-anna']);
    expect(await addresses({ last_active_since: '4000000000' })).toEqual([]);
    expect(await addresses({ last_active_since: '1469392779' })).toHaveLength(3);
  });

  it('has who is in a segment of the app’s own, by what they are and what happened to their messages', async () => {
    const gold = { field: 'tag', key: 'plan', relation: '=', value: 'gold' };
    const told = { field: 'message_event', key: 'sent', relation: 'exists' };
    await saveSegment('Gold', [gold]);
    expect(await addresses({ segment_name: 'Gold' })).toEqual(['anna@example.com', 'device-of-anna']);
    await saveSegment('Gold, and told', [gold, told]);
    await saveSegment('Gold, and never told', [gold, { ...told, relation: 'not_exists' }]);
    const both = [await addresses({ segment_name: 'Gold, and told' })];
    both.push(await addresses({ segment_name: 'Gold, and never told' }));
    expect(both.flat().toSorted()).toEqual(['anna@example.com', 'device-of-anna']);
  });

  it.each([
    [
      { extra_fields: ['shoe_size'] },
      /extra_fields\[0\] "shoe_size" is no field: it must be one of external/,
    ],
    [{ segment_name: 'Nobody’s' }, /segment_name "Nobody’s" is no segment/],
    [{ include_unsubscribed: true }, /include_unsubscribed goes with segment_name/],
    [{ last_active_since: 'yesterday' }, /last_active_since must be a time in Unix seconds/],
  ])('says what is wrong with %j', async (body, complaint) => {
    const path = `/players/csv_export?app_id=${server.carillon.appId}`;
    const answer = await server.call('POST', path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0]).toMatch(complaint);
  });
});

describe('an export', () => {
  it('tells the same in each format', async () => {
    const body = {
      kind: 'subscriptions',
      columns: ['id', 'tags', 'rooted', 'playtime', 'last_active', 'lat'],
    };
    const lines = new Map((await rowsOf(body)).map((row) => [row['id'], row]));
    expect(lines.size).toBe(3);
    expect(lines.get(anna.push)).toEqual({
      id: anna.push,
      tags: { said: AWKWARD, plan: 'gold' },
      rooted: true,
      playtime: 70,
      last_active: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      lat: 52.1,
    });
    const { file, view } = await exported({ ...body, format: 'parquet' });
    const rows = await parquetReadObjects({ file: new Uint8Array(file).buffer });
    const wanted = (row: Record<string, unknown>) => {
      const { playtime, last_active: at, tags } = lines.get(row['id']) ?? {};
      const time = new Date(String(at));
      return {
        ...lines.get(row['id']),
        playtime: BigInt(Number(playtime)),
        last_active: time,
        tags: JSON.stringify(tags),
      };
    };
    expect(rows).toEqual(rows.map(wanted));
    expect(view).toMatchObject({ state: 'ready', rows: 3, bytes: file.length });
    const csv = gunzipSync((await exported(body)).file).toString();
    expect(csv.split('\r\n')[0]).toBe('id,tags,rooted,playtime,last_active,lat');
    expect(csv).toContain(`,true,70,${String(lines.get(anna.push)?.['last_active'])},52.1\r\n`);
  });

  it('of users has their aliases and subscriptions', async () => {
    const columns = ['external_id', 'aliases', 'subscriptions', 'country'];
    const rows = await rowsOf({ kind: 'users', columns });
    expect(rows.find((row) => row['external_id'] === 'anna')).toEqual({
      external_id: 'anna',
      aliases: { external_id: 'anna', crm: 'c "1", \\' },
      subscriptions: expect.arrayContaining([
        { id: anna.email, type: 'Email', token: 'anna@example.com', subscribed: true },
      ]),
      country: 'NL',
    });
    expect(rows).toHaveLength(2);
  });

  it('of a message has its deliveries, what came of them, and nobody who is being erased', async () => {
    const people = ['carla', 'refuse-dan', 'eve'];
    for (const external_id of people) {
      const subscriptions = [{ type: 'Email', token: `${external_id}@example.com` }];
      await server.done('POST', server.of('users'), { identity: { external_id }, subscriptions });
    }
    const { body } = await server.send({
      include_aliases: { external_id: people },
      email_body: '<a href="https://shop.example/x">x</a>',
    });
    await server.ended(body.id);
    const mail = (await server.arrived('carla@example.com')).at(-1)?.mail;
    await fetch(/href="([^"]*)"/.exec(String(mail?.html))?.[1] ?? '', { redirect: 'manual' });

    const filter = { message_id: body.id };
    const deliveries = async () =>
      (await rowsOf({ kind: 'deliveries', filter }))
        .map((row) => `${String(row['external_id'])} ${String(row['state'])}`)
        .toSorted();
    const all = ['carla sent', 'eve sent', 'refuse-dan failed'];
    expect(await deliveries()).toEqual(all);
    const late = new Date(Date.now() + 3_600_000).toISOString();
    expect(await rowsOf({ kind: 'deliveries', filter: { from: late } })).toEqual([]);
    const events = await until('the click is there', async () => {
      const rows = (await rowsOf({ kind: 'message_events', filter })).filter(
        (row) => row['event'] !== 'delivered',
      );
      return rows.length > 0 && rows;
    });
    expect(events).toEqual([
      expect.objectContaining({ event: 'clicked', external_id: 'carla', url: 'https://shop.example/x' }),
    ]);
    const activity = (await exported({ kind: 'audience_activity', filter })).file;
    expect(gunzipSync(activity).toString().split('\r\n').toSorted()).toEqual([
      '',
      expect.stringMatching(/^carla,[-\w]+,11,true,true,true,[-\w]+,false,false,$/),
      expect.stringMatching(/^eve,[-\w]+,11,true,true,false,[-\w]+,false,false,$/),
      expect.stringMatching(/^external_user_id,subscription_id,device_type,sent,delivered,clicked,/),
      expect.stringMatching(/^refuse-dan,[-\w]+,11,false,false,false,[-\w]+,true,false,"550 .*"$/),
    ]);

    await server.test.database.run(
      {
        name: '',
        text: `insert into erasures (lane, id, app_id, kind, person, source, requested_at, due_at)
          select lane, gen_random_uuid(), app_id, 'user', jsonb_build_object('users',
            jsonb_build_array(jsonb_build_object('lane', lane, 'userId', id)), 'subscriptions', '[]'::jsonb),
            'api', now(), now() + interval '1 day'
          from users where external_id = 'eve' and app_id = $1`,
      },
      [server.carillon.appId],
    );
    expect(await deliveries()).toEqual(all.filter((one) => one !== 'eve sent'));
    await server.call('DELETE', server.of('users/by/external_id/carla'));
    expect(await deliveries()).toEqual(['refuse-dan failed']);
    expect(JSON.stringify(await rowsOf({ kind: 'users' }))).not.toContain('carla');
  });

  it('is fetched in parts, and not at all once it has changed or is past its end', async () => {
    const { file, url } = await exported({ kind: 'subscriptions' });
    const part = (range: string, more: object = {}) => fetch(url, { headers: { range, ...more } });
    const whole = await fetch(url);
    await whole.arrayBuffer();
    const etag = whole.headers.get('etag') ?? '';
    expect(whole.headers.get('content-length')).toBe(String(file.length));
    const [first, rest] = [await part('bytes=0-9'), await part('bytes=10-', { 'if-range': etag })];
    expect([first.status, rest.status]).toEqual([206, 206]);
    expect(rest.headers.get('content-range')).toBe(`bytes 10-${file.length - 1}/${file.length}`);
    const parts = [Buffer.from(await first.arrayBuffer()), Buffer.from(await rest.arrayBuffer())];
    expect(Buffer.concat(parts)).toEqual(file);
    expect((await part('bytes=10-', { 'if-range': '"another"' })).status).toBe(200);
    const past = await part(`bytes=${file.length}-`);
    expect([past.status, past.headers.get('content-range')]).toEqual([416, `bytes */${file.length}`]);
  });

  it.each([
    [{ kind: 'shoes' }, /kind/],
    [
      { kind: 'users', columns: ['tags', 'shoes'] },
      /columns\[1\] "shoes" is no column of users: it has onesignal/,
    ],
    [{ kind: 'users', columns: ['tags', 'tags'] }, /columns\[1\] "tags" is there twice/],
    [{ kind: 'users', filter: { segment: 'All' } }, /filter\.segment is no filter of users/],
    [{ kind: 'audience_activity' }, /filter\.message_id is required with kind audience_activity/],
    [{ kind: 'deliveries', filter: { from: 'soon' } }, /filter\.from must be an ISO 8601 time/],
    [{ kind: 'users', format: 'xml' }, /format/],
    [{ kind: 'users', more: 1 }, /more/],
  ])('is refused by name: %j', async (body, complaint) => {
    const answer = await server.call('POST', server.of('exports'), body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].title).toMatch(complaint);
  });

  it('of a message of another app, or of none, is refused', async () => {
    const body = { kind: 'deliveries', filter: { message_id: newId() } };
    expect((await server.call('POST', server.of('exports'), body)).status).toBe(404);
  });
});

describe('exports that nobody has made yet', () => {
  let waiting: MailingServer;
  beforeAll(async () => {
    waiting = await MailingServer.start({
      CARILLON_ROLE: 'api',
      CARILLON_SANDBOX: 'false',
      CARILLON_LIMIT_EXPORTS: 'off',
    });
  });
  afterAll(() => waiting.stop());

  it('are ten of an app at most, listed by pages, cancelled, deleted, and told in the audit log', async () => {
    const path = waiting.of('exports');
    const made: string[] = [];
    for (let n = 0; n < 10; n += 1) made.push((await waiting.done('POST', path, { kind: 'users' })).id);
    const refused = await waiting.call('POST', path, { kind: 'users' });
    expect([refused.status, refused.body.errors[0].code]).toEqual([429, 'export-limit']);

    const first = await waiting.done('GET', `${path}?limit=4`);
    const rest = await waiting.done('GET', `${path}?cursor=${first.next_cursor}`);
    const listed = [...first.exports, ...rest.exports];
    expect(listed.map(({ id }: { id: string }) => id).toSorted()).toEqual(made.toSorted());
    expect(rest).toMatchObject({ has_more: false });
    const [one, other] = listed;
    expect(one).toMatchObject({ state: 'queued', rows: 0, bytes: null, kind: 'users', format: 'csv' });
    expect((await fetch(one.url)).status).toBe(403);

    const cancelled = await waiting.done('POST', `${path}/${one.id}/cancel`);
    expect(cancelled).toMatchObject({ id: one.id, state: 'cancelled' });
    expect((await fetch(one.url)).status).toBe(404);
    const again = await waiting.call('POST', `${path}/${one.id}/cancel`);
    expect([again.status, again.body.errors[0].code]).toEqual([409, 'export-ended']);
    expect(await waiting.done('DELETE', `${path}/${other.id}`)).toEqual({ success: true });
    expect((await waiting.call('GET', `${path}/${other.id}`)).status).toBe(404);
    expect((await fetch(other.url)).status).toBe(404);
    expect((await waiting.call('POST', path, { kind: 'users' })).status).toBe(202);

    const { organizationId, organizationKey } = waiting.carillon;
    const log = await waiting.done(
      'GET',
      `/organizations/${organizationId}/audit_logs?limit=50&start_time=${new Date(Date.now() - 60_000).toISOString()}`,
      undefined,
      organizationKey,
    );
    const told = log.audit_logs.map(({ action }: { action: string }) => action);
    expect(told.slice(-4)).toEqual([
      'export.created',
      'export.cancelled',
      'export.deleted',
      'export.created',
    ]);
  });

  it('of the same subscriptions are one for old clients, which ask again and again', async () => {
    const path = `/players/csv_export?app_id=${waiting.carillon.appId}`;
    const first = await waiting.done('DELETE', waiting.of(`exports/${await newestOf(waiting)}`));
    expect(first).toEqual({ success: true });
    const links = [await waiting.done('POST', path, {}), await waiting.done('POST', path)];
    expect(links[0]).toEqual(links[1]);
  });
});

async function newestOf(at: MailingServer): Promise<string> {
  return (await at.done('GET', at.of('exports'))).exports[0].id;
}
