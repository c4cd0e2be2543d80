import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  COUNTER_TABLES,
  Child,
  CounterWorker,
  counterProcess,
  createTestDatabase,
  until,
} from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { Lanes, connectHints, createLog, openLaneDatabase, statement, systemClock } from '@carillon/server';

let test: TestDatabase;
const log = createLog({ level: 'silent' });
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  for (const text of COUNTER_TABLES.split(';')) await test.database.run({ name: '', text });
});
afterAll(() => test.drop());
beforeEach(() => test.database.run({ name: '', text: 'truncate lane_steps' }));
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A process of its own; killed at the end of the test if it still lives. */
async function startProcess(holdMs = 0): Promise<Child> {
  const child = new Child(counterProcess, [test.url, String(holdMs)]);
  closers.push(() => child.kill());
  await new Promise<void>((resolve) => child.listen((message) => message === 'started' && resolve()));
  return child;
}

/** Lanes in this process, with a pool of their own, as another machine would have. */
async function startHere(holdMs = 0): Promise<{ lanes: Lanes; worker: CounterWorker }> {
  const database = openLaneDatabase({ url: test.url, groups: 2 });
  const worker = new CounterWorker(database, holdMs);
  const hints = await connectHints(database, log);
  const lanes = new Lanes({
    database,
    clock: systemClock,
    hints,
    log,
    workers: [worker],
    leaseMs: 1_500,
  });
  await lanes.start();
  closers.push(async () => {
    await lanes.stop();
    await hints.end();
    await database.end();
  });
  return { lanes, worker };
}

const counts = statement(
  'test.lanes-by-owner',
  `select count(*)::int as lanes from lanes where owner is not null group by owner order by 1`,
);
const byOwner = async () => (await test.database.rows<{ lanes: number }>(counts)).map((row) => row.lanes);
const sharedAs = (expected: readonly number[]) =>
  until(
    `lanes are shared as ${expected.join(', ')}`,
    async () => (await byOwner()).join() === expected.join(),
  );

const twice = statement(
  'test.steps-twice',
  `select lane, value from lane_steps group by lane, value having count(*) > 1`,
);
const backwards = statement(
  'test.steps-backwards',
  `select * from (
     select lane, epoch, value, lag(epoch) over w as before, lag(value) over w as last
     from lane_steps window w as (partition by lane order by id)) s
   where before > epoch or value <> last + 1`,
);
async function expectEveryStepOnce(): Promise<void> {
  expect(await test.database.rows(twice)).toEqual([]);
  expect(await test.database.rows(backwards)).toEqual([]);
}

const steps = statement('test.steps', `select count(*)::int as steps from lane_steps`);
async function countSteps(): Promise<number> {
  return (await test.database.rows<{ steps: number }>(steps))[0]?.steps ?? 0;
}

async function moreSteps(): Promise<void> {
  const before = await countSteps();
  await until('the lanes have moved on', async () => (await countSteps()) > before + 3 * 256);
}

describe('lanes', () => {
  it('are all owned by a lone process, and given back when it stops', async () => {
    const { lanes } = await startHere();
    expect(lanes.owned.lanes.size).toBe(256);
    await moreSteps();
    await lanes.stop();
    expect(await byOwner()).toEqual([]);
    await expectEveryStepOnce();
  });

  it('are shared out evenly when processes come and go', async () => {
    const first = await startHere();
    const second = await startHere();
    await sharedAs([128, 128]);
    await startHere();
    await sharedAs([85, 85, 86]);
    await moreSteps();
    await second.lanes.stop();
    await sharedAs([128, 128]);
    await moreSteps();
    expect(first.lanes.owned.lanes.size).toBe(128);
    await expectEveryStepOnce();
  });

  it('of a killed process are taken at once, long before its lease runs out', async () => {
    const child = await startProcess();
    const { lanes } = await startHere();
    await sharedAs([128, 128]);
    await child.kill();
    const until = statement(
      'test.dead-lease',
      `select lease_until > now() as leased from lane_owners where owner <> $1`,
    );
    await sharedAs([256]);
    // Its row is gone, or still within the lease: either way nobody waited for it to run out.
    const rows = await test.database.rows<{ leased: boolean }>(until, [lanes.owned.owner]);
    expect(rows.filter(({ leased }) => !leased)).toEqual([]);
    await moreSteps();
    await expectEveryStepOnce();
  });

  it('of a frozen process are taken when its lease has run out, and it writes nothing when it goes on', async () => {
    // Frozen between reading and writing: its next statement carries what it computed before.
    const child = await startProcess(150);
    const { lanes } = await startHere();
    await sharedAs([128, 128]);
    await new Promise<void>((resolve) => child.listen((message) => message === 'holding' && resolve()));
    child.freeze();
    await sharedAs([256]);
    await moreSteps();
    child.thaw();
    await sharedAs([128, 128]);
    await moreSteps();
    await expectEveryStepOnce();
    expect(lanes.owned.lanes.size).toBe(128);
  });

  it('refuse the statement of an owner that has lost them', async () => {
    const { worker, lanes } = await startHere();
    await moreSteps();
    const stale = lanes.owned;
    await lanes.stop();
    await startHere();
    await sharedAs([256]);
    expect(await worker.work({ owner: stale.owner, lanes: stale.lanes })).toMatchObject({
      done: 0,
      refused: true,
    });
    await expectEveryStepOnce();
  });

  it('are kept through the loss of the connection that holds the lock', async () => {
    const { lanes } = await startHere();
    const other = await startHere();
    await sharedAs([128, 128]);
    const end = statement(
      'test.end-lock-holders',
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    );
    await test.database.rows(end);
    await moreSteps();
    await sharedAs([128, 128]);
    await moreSteps();
    await expectEveryStepOnce();
    expect(lanes.owned.lanes.size + other.lanes.owned.lanes.size).toBe(256);
  });
});
