import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock, until } from '@carillon/test-kit';
import { importFileData } from '../modules/imports/index.ts';
import { statement } from '../platform/database/database.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

/** Erasures are worked each minute: of this clock, which stands, so that none of them ever begins. */
const clock = new FakeClock();
let server: MailingServer;

beforeAll(async () => {
  server = await MailingServer.start({ CARILLON_SANDBOX: 'false' }, clock);
});
afterAll(() => server.stop());

async function bring(file: string): Promise<string> {
  const answer = await fetch(`${server.carillon.url}${server.of('imports')}`, {
    method: 'POST',
    headers: { authorization: `Key ${server.carillon.appKey}`, 'content-type': 'text/csv' },
    body: file,
  });
  const { id }: Body = await answer.json();
  return id;
}

const start = (id: string) => server.done('POST', server.of(`imports/${id}/start`));

function done(id: string): Promise<Body> {
  return until('the import is done', async () => {
    const view = await server.done('GET', server.of(`imports/${id}`));
    if (view.state === 'failed') throw new Error(view.fault);
    return view.state === 'done' && view;
  });
}

async function load(file: string): Promise<Body> {
  const id = await bring(file);
  await start(id);
  return done(id);
}

const statusOf = async (externalId: string) =>
  (await server.call('GET', server.of(`users/by/external_id/${externalId}`))).status;

const remove = (externalId: string) => server.done('DELETE', server.of(`users/by/external_id/${externalId}`));

const erasures = async () =>
  (await server.done('GET', server.of('erasures'))).erasures.map((one: Body) => one.state);

describe('a person who is deleted before the rows about them are imported', () => {
  it('is not made anew, though nothing of them is erased yet; the rows beside theirs are imported', async () => {
    await load('external_id,email\nada-1,ada@example.com\n');
    const id = await bring(
      'external_id,email,plan\na-1,,x\nada-1,,y\n,Ada@Example.com,z\nada-1,other@example.com,w\na-2,,x\n',
    );
    await remove('ada-1');
    expect(await erasures()).toEqual(['waiting']);
    await start(id);
    expect((await done(id)).counts).toMatchObject({ rows: 2, created: 2, rejected: 0 });
    expect([await statusOf('ada-1'), await statusOf('a-1'), await statusOf('a-2')]).toEqual([404, 200, 200]);
    expect(await tokens('%ada@example.com', 'other@example.com')).toBe(0);
    expect(await erasures()).toEqual(['waiting']);
  });

  it('is made anew when it was an undo that deleted them', async () => {
    const file = 'external_id\neve-1\n';
    const { id } = await load(file);
    const other = await bring(file);
    await server.done('POST', server.of(`imports/${id}/undo`));
    await until(
      'it is undone',
      async () => (await server.done('GET', server.of(`imports/${id}`))).state === 'undone',
    );
    await start(other);
    expect((await done(other)).counts).toMatchObject({ rows: 1, created: 1 });
  });

  it('is made anew by a file that comes afterwards', async () => {
    await load('external_id\nbea-1\n');
    await remove('bea-1');
    await server.test.database.run(
      statement(
        '',
        `update erasures set requested_at = requested_at - interval '1 second' where state <> 'done'`,
      ),
    );
    expect((await load('external_id\nbea-1\n')).counts).toMatchObject({ created: 1 });
    expect(await statusOf('bea-1')).toBe(200);
  });
});

describe('the files that wait when somebody is erased', () => {
  const person = {
    users: [],
    subscriptions: [],
    aliases: [{ label: 'external_id', value: 'gil-1' }],
    addresses: [],
    deletedAt: new Date(clock.now()),
    byUndo: false,
  };
  const received = statement('', 'update imports set created_at = $2 where id = $1');

  /** A file about them that came so much before or after they were deleted; the rows that it loses. */
  async function lostOf(
    afterMs: number,
    deleted: { readonly byUndo?: boolean } = {},
  ): Promise<number | undefined> {
    const id = await bring('external_id\ngil-1\nhal-1\n');
    await server.test.database.run(received, [id, new Date(clock.now() + afterMs)]);
    const { appId } = server.carillon;
    const erased = await importFileData(server.test.database).erase([
      { ...person, ...deleted, appId: String(appId) },
    ]);
    await server.done('POST', server.of(`imports/${id}/cancel`));
    return erased[0]?.rows;
  }

  it('lose the rows about them', async () => {
    expect(await lostOf(-1_000)).toBe(1);
    expect(await lostOf(0)).toBe(1);
  });

  it('keep them where they came afterwards: somebody tells of that person anew', async () => {
    expect(await lostOf(1_000)).toBe(0);
  });

  it('keep them where an undo has deleted them: nobody asked that they be forgotten', async () => {
    expect(await lostOf(-1_000, { byUndo: true })).toBe(0);
  });
});

describe('a person who is deleted while the rows about them are written', () => {
  const deletion = statement(
    '',
    `select delete_user(u.app_id, u.lane, u.id, null, '{"source":"api"}', $2)
     from users u where u.app_id = $1 and u.external_id = $3`,
  );
  const waiting = statement(
    '',
    `select from pg_locks l where not l.granted and pg_backend_pid() = any(pg_blocking_pids(l.pid))`,
  );

  it.each([
    ['in a batch that looks who is there', 'cleo', 1],
    ['in a first load, whose batches are copied', 'dora', 5_000],
  ])('is not made anew: %s', async (_, name, rows) => {
    const { appId } = server.carillon;
    await load(`external_id,email\n${name}-1,${name}@example.com\n`);
    let file = 'external_id,email,plan\n';
    for (let n = 0; n < rows; n += 1) file += `${name}-other-${n},,x\n`;
    file += `${name}-1,${name}@example.com,changed\n${name}-last,,x\n`;
    const id = await bring(file);
    await server.test.database.transaction(async (transaction) => {
      await transaction.rows(deletion, [appId, new Date(clock.now()), `${name}-1`]);
      await start(id);
      await until('the import waits for the deletion', async () => {
        if ((await transaction.rows(waiting)).length > 0) return true;
        await pause(5);
        return false;
      });
    });
    const { counts } = await done(id);
    expect(counts).toMatchObject({ rows: rows + 1, created: rows + 1, rejected: 0 });
    expect([await statusOf(`${name}-1`), await statusOf(`${name}-last`)]).toEqual([404, 200]);
    expect(await tokens(`${name}@example.com`)).toBe(0);
  });
});

async function tokens(...like: string[]): Promise<number> {
  const counted = statement('', 'select count(*)::int as count from tokens where token like any($1)');
  return (await server.test.database.rows<{ count: number }>(counted, [like]))[0]?.count ?? -1;
}
