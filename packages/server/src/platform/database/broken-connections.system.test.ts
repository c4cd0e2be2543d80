import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { createLog } from '../log.ts';
import { Database, statement } from './database.ts';
import { connectHints } from './hints.ts';

const own = statement('test.own-pid', 'select pg_backend_pid() as pid');
const listening = statement(
  'test.listening',
  `select pid from pg_stat_activity where datname = current_database() and query like 'listen%'`,
);
const kill = statement('test.kill', 'select pg_terminate_backend($1)');

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

describe('a connection that breaks', () => {
  it('between two statements of a transaction fails that transaction and nothing else', async () => {
    // Vitest fails the run for an event that nobody listens to.
    const broken = test.database.transaction(async (transaction) => {
      const [row] = await transaction.rows<{ pid: number }>(own);
      await test.database.run(kill, [row?.pid]);
      await until('the connection is seen to be broken', async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return transaction.rows(own).then(
          () => false,
          () => true,
        );
      });
      await transaction.rows(own);
    });
    await expect(broken).rejects.toThrow(/connection|ECONNRESET/i);
    expect(await test.database.rows(own)).toHaveLength(1);
  });

  it('and carried hints is replaced, however often, and the pool keeps its places', async () => {
    const database = new Database({ url: test.url, connections: 2, applicationName: 'carillon hints test' });
    const hints = await connectHints(database, createLog({ level: 'silent' }));
    let heard = 0;
    hints.on('feed', () => (heard += 1));
    const notify = statement('test.notify', `select pg_notify('carillon_hints', 'feed')`);
    for (let round = 1; round <= 3; round += 1) {
      const before = heard;
      for (const { pid } of await test.database.rows<{ pid: number }>(listening)) {
        await test.database.run(kill, [pid]);
      }
      await until('hints are heard again', async () => {
        await test.database.run(notify);
        return heard > before;
      });
    }
    await hints.end();
    expect(await Promise.all([database.rows(own), database.rows(own)])).toHaveLength(2);
    await database.end();
  });
});
