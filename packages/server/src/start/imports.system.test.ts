import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@carillon/test-kit';
import { MailingServer } from './fixtures/mailing-server.ts';

// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

let server: MailingServer;

beforeAll(async () => {
  server = await MailingServer.start({ CARILLON_SANDBOX: 'false' });
});
afterAll(() => server.stop());

async function upload(file: string | Buffer, type = 'text/csv'): Promise<{ status: number; body: Body }> {
  const answer = await fetch(`${server.carillon.url}${server.of('imports')}`, {
    method: 'POST',
    headers: { authorization: `Key ${server.carillon.appKey}`, 'content-type': type },
    body: file as never,
  });
  return { status: answer.status, body: await answer.json() };
}

const path = (id: string, rest = '') => server.of(`imports/${id}${rest}`);

/** The view of an import that has left the states of work. */
async function ended(id: string): Promise<Body> {
  let view: Body;
  await until('the import has ended', async () => {
    view = await server.done('GET', path(id));
    return !['queued', 'fetching', 'checking', 'running', 'undoing'].includes(view.state);
  });
  return view;
}

async function run(file: string | Buffer, settings: object = {}): Promise<Body> {
  const { status, body } = await upload(file);
  if (status !== 201) throw new Error(JSON.stringify(body));
  await server.done('POST', path(body.id, '/start'), settings);
  return ended(body.id);
}

async function rejectsOf(id: string): Promise<string> {
  const answer = await fetch(`${server.carillon.url}${path(id, '/rejects')}`, {
    headers: { authorization: `Key ${server.carillon.appKey}` },
  });
  return answer.text();
}

const user = (externalId: string) => server.done('GET', server.of(`users/by/external_id/${externalId}`));

/** Three people, of whom one has another plan. */
function threeOf(plan: string): string {
  const rows = ['r1', 'r2', 'r3'].map((id) => `${id};${id}@example.com;${id === 'r2' ? plan : 'a'}`);
  return ['external_id;email;plan', ...rows].join('\n');
}

describe('an import', () => {
  it('makes users with what each column says, and says what it did', async () => {
    const file = [
      'external_id,email,phone_number,subscribed,language,timezone_id,country,lat,long,tags,level,created_at,last_active',
      'ann,Ann@Example.com,+31612345678,yes,nl,Europe/Amsterdam,NL,52.1,5.2,"{""plan"":""gold""}",7,2024-01-02T03:04:05Z,2025-06-07 08:09:10',
      'bob,bob@example.com,,no,,,,,,,,,',
      '',
    ].join('\r\n');
    const view = await run(gzipSync(file));
    expect(view).toMatchObject({
      state: 'done',
      counts: { rows: 2, created: 2, updated: 0, unchanged: 0, rejected: 0 },
      line: 3,
    });
    expect(view.bytes_done).toBe(view.bytes);
    const ann = await user('ann');
    expect(ann.properties).toMatchObject({
      tags: { plan: 'gold', level: '7' },
      language: 'nl',
      timezone_id: 'Europe/Amsterdam',
      country: 'NL',
      lat: 52.1,
      long: 5.2,
      first_active: Date.parse('2024-01-02T03:04:05Z') / 1000,
      last_active: Date.parse('2025-06-07T08:09:10Z') / 1000,
    });
    expect(ann.subscriptions.map((one: Body) => [one.type, one.token, one.enabled]).toSorted()).toEqual([
      ['Email', 'ann@example.com', true],
      ['SMS', '+31612345678', true],
    ]);
    expect((await user('bob')).subscriptions).toMatchObject([{ token: 'bob@example.com', enabled: false }]);
  });

  it('writes only what differs the second time', async () => {
    expect((await run(threeOf('a'))).counts).toMatchObject({ created: 3 });
    expect((await run(threeOf('b'))).counts).toMatchObject({ created: 0, updated: 1, unchanged: 2 });
    expect((await user('r2')).properties.tags).toEqual({ plan: 'b' });
  });

  it('tells every row that it rejects: its line, its column, the rule', async () => {
    const rows = [
      'external_id,email,phone_number,language,vip',
      'x1,not an address,,,',
      'x2,,0612,,',
      'x3,x3@example.com,,klingon,',
      ',,,,yes',
      'x4,x4@example.com',
      'NULL,,,,',
      '"x5"z,,,,',
      'x6,x6@example.com,,,"two',
      'lines"',
      'x7,x7@example.com,,,1',
    ];
    const view = await run(
      Buffer.concat([
        Buffer.from(`\ufeff${rows.join('\n')}\n`),
        Buffer.from([0x78, 0xff, 0x2c, 0x2c, 0x2c, 0x2c, 0x0a]),
      ]),
    );
    expect(view.counts).toMatchObject({ rows: 10, created: 2, rejected: 8 });
    const lines = (await rejectsOf(view.id)).split('\r\n');
    expect(lines[0]).toBe('line,column,rule');
    expect(lines[1]).toMatch(/^2,email,.*must be an email address/);
    expect(lines[2]).toMatch(/^3,phone_number,.*E\.164/);
    expect(lines[3]).toMatch(/^4,language,.*ISO 639-1/);
    expect(lines[4]).toMatch(/^5,,.*names nobody/);
    expect(lines[5]).toMatch(/^6,,has 2 values where the first line has 5/);
    expect(lines[6]).toMatch(/^7,external_id,/);
    expect(lines[7]).toMatch(/^8,,has a quote in the wrong place/);
    expect(lines[8]).toMatch(/^12,,is not UTF-8/);
    expect((await user('x6')).properties.tags).toEqual({ vip: 'two\nlines' });
  });

  it('finds who is meant by an address alone, also when the file itself has made the user', async () => {
    await run('external_id,email,plan\nk1,k1@example.com,a\n');
    const view = await run(
      'external_id,email,plan\n,k1@example.com,b\nk2,k2@example.com,a\n,k2@example.com,c\n,k3@example.com,d\n,k3@example.com,e\n',
    );
    expect(view.counts).toMatchObject({ created: 2, updated: 3, rejected: 0 });
    expect((await user('k1')).properties.tags).toEqual({ plan: 'b' });
    expect((await user('k2')).properties.tags).toEqual({ plan: 'c' });
  });

  it('gives an address to the last row that names it, and goes on with whoever has it then', async () => {
    await run('external_id,email\nh1,h1@example.com\n');
    const rows = ['external_id,email,plan', ',h1@example.com,a', 'h2,h1@example.com,b', ',h1@example.com,c'];
    expect((await run(`${rows.join('\n')}\n`)).counts).toMatchObject({ created: 1, updated: 2 });
    const [h1, h2] = [await user('h1'), await user('h2')];
    expect(h1).toMatchObject({ properties: { tags: { plan: 'a' } }, subscriptions: [] });
    expect(h2).toMatchObject({
      properties: { tags: { plan: 'c' } },
      subscriptions: [{ token: 'h1@example.com' }],
    });
  });

  it('changes and suppresses subscriptions by their id or address', async () => {
    await run('external_id,email\ns1,s1@example.com\n');
    const { id } = (await user('s1')).subscriptions[0];
    const view = await run(
      `subscription_id,email,subscribed,suppressed,plan\n${id},,no,,x\n,s2@example.com,,true,\nnot-an-id,,,,\n00000000-0000-4000-8000-000000000000,,no,,\n`,
    );
    expect(view.counts).toMatchObject({ created: 1, updated: 1, rejected: 2 });
    expect(await rejectsOf(view.id)).toMatch(/4,subscription_id,.*\r\n5,subscription_id,/);
    const s1 = await user('s1');
    expect(s1.properties.tags).toEqual({ plan: 'x' });
    expect(s1.subscriptions).toMatchObject([{ id, enabled: false }]);
  });

  it('removes tags with blank values where that is asked, and maps columns', async () => {
    await run('external_id,plan,city\nm1,a,b\n');
    const view = await run('Customer,Mail,plan,city,note\nm1,m1@example.com,,,secret\n', {
      mapping: { Customer: 'external_id', Mail: 'email', note: 'ignore', city: 'tag.town' },
      blank_tags: 'remove',
    });
    expect(view.counts).toMatchObject({ updated: 1 });
    expect((await user('m1')).properties.tags).toEqual({ city: 'b' });
  });
});

describe('before an import', () => {
  it('a preview and a dry run say what would happen, and write nothing', async () => {
    await run('external_id,plan,email\np1,a,p1@example.com\np3,a,\n');
    const { body } = await upload('external_id,plan\np1,b\np2,a\np3,a\n,x\n');
    const preview = await server.done('POST', path(body.id, '/preview'));
    expect(preview.columns).toEqual([
      { column: 'external_id', meaning: 'external_id' },
      { column: 'plan', meaning: 'tag.plan' },
    ]);
    expect(preview.rows).toMatchObject([
      { line: 2, result: 'update', changes: [{ field: 'tags.plan', from: 'a', to: 'b' }] },
      { line: 3, result: 'create' },
      { line: 4, result: 'unchanged', changes: [] },
      { line: 5, result: 'reject', rejection: { line: 5 } },
    ]);
    await server.done('POST', path(body.id, '/start'), { dry_run: true });
    const checked = await ended(body.id);
    expect(checked).toMatchObject({
      state: 'ready',
      dry_run: { rows: 4, created: 1, updated: 1, unchanged: 1, rejected: 1 },
    });
    expect(await rejectsOf(body.id)).toMatch(/^5,,/m);
    expect((await server.call('GET', server.of('users/by/external_id/p2'))).status).toBe(404);
    await server.done('POST', path(body.id, '/start'));
    expect((await ended(body.id)).counts).toEqual({
      rows: 4,
      created: 1,
      updated: 1,
      unchanged: 1,
      rejected: 1,
    });
  });

  it('a file or settings that make no sense are refused in words', async () => {
    const refusals: [string | Buffer, RegExp][] = [
      ['', /first line must name the columns/],
      ['a,,b\n', /column 2 has no name/],
      ['a,a\n', /there twice/],
      [Buffer.from('\ufeffemail\n', 'utf16le'), /UTF-16/],
      [Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from('no gzip')]), /decompressed/],
    ];
    for (const [file, words] of refusals) {
      const { status, body } = await upload(file);
      expect(status).toBe(400);
      expect(JSON.stringify(body)).toMatch(words);
    }
    expect((await upload('email\n', 'image/png')).status).toBe(415);
    const { body } = await upload('external_id,Mail\n1,2\n');
    for (const [settings, words] of [
      [{ mapping: { Nobody: 'email' } }, /is no column of the file/],
      [{ mapping: { Mail: 'mail' } }, /must be tag\.<key>/],
      [{ mapping: { external_id: 'ignore' } }, /names nobody/],
      [{ mapping: { Mail: 'external_id' } }, /as the column external_id is/],
      [{ nonsense: 1 }, /nonsense/],
    ] as const) {
      const answer = await server.call('POST', path(body.id, '/start'), settings);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).toMatch(words);
    }
    expect((await server.call('GET', path('nothing'))).status).toBe(404);
    await server.done('POST', path(body.id, '/cancel'));
    expect((await server.call('POST', path(body.id, '/start'))).status).toBe(409);
    await server.done('DELETE', path(body.id));
    expect((await server.call('GET', path(body.id))).status).toBe(404);
  });
});

/** A file of so many people, in one column besides their names. */
function many(prefix: string, rows: number): string {
  let file = 'external_id,plan\n';
  for (let n = 0; n < rows; n += 1) file += `${prefix}${n},gold\n`;
  return file;
}

/** The view of an import as soon as it is so far. */
function comesTo(id: string, what: string, isSo: (view: Body) => boolean): Promise<Body> {
  return until(what, async () => {
    const view = await server.done('GET', path(id));
    return isSo(view) && view;
  });
}

async function runInAnotherApp(file: string): Promise<Body> {
  const { organizationId, organizationKey, url } = server.carillon;
  const made = { name: 'Other', organization_id: organizationId };
  const app = (await server.done('POST', '/apps', made, organizationKey)).id;
  const answer = await fetch(`${url}/apps/${app}/imports`, {
    method: 'POST',
    headers: { authorization: `Key ${organizationKey}`, 'content-type': 'text/csv' },
    body: file,
  });
  const { id }: Body = await answer.json();
  const its = `/apps/${app}/imports/${id}`;
  await server.done('POST', `${its}/start`, {}, organizationKey);
  return until('the import of another app has ended', async () => {
    const view = await server.done('GET', its, undefined, organizationKey);
    return view.state === 'done' && view;
  });
}

describe('a large import', () => {
  it('gives way to those of other apps and to calls, and is undone as far as it came when it is cancelled', async () => {
    const { body: large } = await upload(many('large-', 1_000_000));
    await server.done('POST', path(large.id, '/start'));
    await comesTo(large.id, 'rows are written', ({ counts }) => counts.rows > 0);
    const small = await runInAnotherApp('external_id\nsmall-1\n');
    expect(small).toMatchObject({ state: 'done', counts: { created: 1 } });
    await server.done('POST', server.of('users'), { identity: { external_id: 'meanwhile' } });
    expect(await server.done('GET', path(large.id))).toMatchObject({ state: 'running' });
    const cancelled = await server.done('POST', path(large.id, '/cancel'));
    expect(cancelled).toMatchObject({ state: 'cancelled', counts: { updated: 0, rejected: 0 } });

    await server.done('POST', path(large.id, '/undo'));
    const begun = await comesTo(large.id, 'some are undone', ({ undo }) => undo.users_removed > 0);
    expect(begun.undo.users).toBe(cancelled.counts.created);
    const stopped = await server.done('POST', path(large.id, '/cancel'));
    expect(stopped.state).toBe('cancelled');
    expect(stopped.undo.users_removed).toBeLessThan(stopped.undo.users);
    await server.done('POST', path(large.id, '/undo'));
    const undone = await ended(large.id);
    expect(undone).toMatchObject({
      state: 'undone',
      undo: { ...stopped.undo, users_removed: stopped.undo.users },
    });
    expect((await server.call('GET', server.of('users/by/external_id/large-0'))).status).toBe(404);
    expect((await server.call('GET', server.of('users/by/external_id/meanwhile'))).status).toBe(200);
  });
});

function formOf(files: Readonly<Record<string, Blob>>): FormData {
  const form = new FormData();
  form.append('comment', 'spring');
  for (const [field, file] of Object.entries(files)) form.append(field, file, `C:\\people\\${field} é.csv`);
  return form;
}

async function sendForm(
  form: FormData | string,
  type?: string,
  query = '',
): Promise<{ status: number; body: Body }> {
  const answer = await fetch(`${server.carillon.url}${server.of('imports')}${query}`, {
    method: 'POST',
    headers: {
      authorization: `Key ${server.carillon.appKey}`,
      ...(type !== undefined && { 'content-type': type }),
    },
    body: form,
  });
  return { status: answer.status, body: await answer.json() };
}

describe('a form with a file', () => {
  it('is taken as the file alone is, plain or gzip, under the name that it has there', async () => {
    const file = many('form-', 30_000);
    for (const blob of [new Blob([file]), new Blob([gzipSync(file)], { type: 'text/csv' })]) {
      const { status, body } = await sendForm(formOf({ file: blob }));
      expect(status).toBe(201);
      expect(body).toMatchObject({ state: 'ready', name: 'file é.csv', bytes: Buffer.byteLength(file) });
    }
    const { body } = await sendForm(formOf({ file: new Blob([file]) }), undefined, '?name=mine');
    expect(body.name).toBe('mine');
    await server.done('POST', path(body.id, '/start'), { dry_run: true });
    expect((await ended(body.id)).dry_run).toMatchObject({ rows: 30_000, created: 30_000 });
  });

  it('is refused in words where it has no file, several, another one, or no end; and leaves nothing', async () => {
    const before = (await server.done('GET', server.of('imports'))).imports.length;
    const one = new Blob([many('other-', 200_000)]);
    const two = formOf({ file: one });
    two.append('file', one, 'again.csv');
    const cut = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nexternal_id\na';
    for (const [form, type, words] of [
      [formOf({}), undefined, /it has no file/],
      [two, undefined, /more than one file/],
      [formOf({ people: one }), undefined, /in the field \\"people\\"/],
      [cut, 'multipart/form-data; boundary=x', /The form cannot be read: .*end/i],
      ['external_id\n', 'multipart/form-data', /Boundary not found/],
      [formOf({ file: new Blob([`a,a\n${'x,y\n'.repeat(300_000)}`]) }), undefined, /there twice/],
    ] as const) {
      const { status, body } = await sendForm(form, type);
      expect(status).toBe(400);
      expect(JSON.stringify(body)).toMatch(words);
    }
    expect((await server.done('GET', server.of('imports'))).imports.length).toBe(before);
  });
});

describe('an undo', () => {
  it('removes whom the import made and restores the others, but not who has changed since', async () => {
    await run('external_id,email,plan,city\nu1,u1@example.com,a,x\nu2,u2@example.com,a,x\n');
    const before = await user('u1');
    const view = await run(
      'external_id,email,plan\nu1,u1@other.example,b\nu2,,b\nu3,u3@example.com,c\nu4,u4@example.com,c\nu3,u3@example.com,d\n',
    );
    expect(view.counts).toMatchObject({ created: 2, updated: 3 });
    await server.done('PATCH', server.of('users/by/external_id/u2'), { properties: { tags: { mine: '1' } } });
    await server.done('PATCH', server.of('users/by/external_id/u4'), { properties: { tags: { mine: '1' } } });
    await server.done('POST', path(view.id, '/undo'));
    const undone = await ended(view.id);
    expect(undone).toMatchObject({
      state: 'undone',
      undo: { users: 4, users_removed: 1, users_restored: 1, users_left: 2 },
    });
    expect(await user('u1')).toEqual(before);
    expect((await user('u2')).properties.tags).toEqual({ plan: 'b', city: 'x', mine: '1' });
    expect((await server.call('GET', server.of('users/by/external_id/u3'))).status).toBe(404);
    expect((await user('u4')).properties.tags).toEqual({ plan: 'c', mine: '1' });
    expect((await server.call('POST', path(view.id, '/undo'))).status).toBe(409);
  });
});
