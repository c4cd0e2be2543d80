import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { Database } from '../../platform/database/database.ts';
import type { Statement, Transaction } from '../../platform/database/database.ts';
import type { Authenticator } from '../../platform/http/route.ts';
import { createHttpServer } from '../../platform/http/server.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { Identity, identityRoutes } from './index.ts';
import { playCrowd } from './model/crowd.ts';
import { requestOf } from './model/operation.ts';
import { play } from './model/play.ts';
import type { Program, Stage } from './model/play.ts';
import { programs } from './model/program.ts';
import { readAnswer } from './model/told.ts';

/**
 * Longer than in the suite: `CARILLON_MODEL_TIMES=50 npx vitest run --project system model.system`. A failure
 * prints its seed; `CARILLON_MODEL_SEED=… ` plays the same programs again.
 */
const TIMES = Number(process.env['CARILLON_MODEL_TIMES'] ?? 1);
const SEED = process.env['CARILLON_MODEL_SEED'];
const PATIENCE_MS = 60_000 + TIMES * 30_000;

/** How often a program that has failed is played while it is made smaller: how requests cross is chance. */
const TRIES = 20;
/** Commands under way at once in a crowd. */
const WIDE = 60;

const FEW = { devices: 3, entries: 3 } as const;
/** These look up and then act, in two steps between which everything may happen. */
const IN_TWO_STEPS = ['name owner', 'view owner'] as const;

const keyId = newId();
/** Everybody may do everything in every app. */
const authenticator: Authenticator = {
  authenticate: async ({ appId = '' }) => ({ kind: 'app-key', keyId, appId, organizationId: keyId }),
};

/** Two locks taken in two orders: a second of waiting for everybody, even if it goes well the next time. */
let deadlocks = 0;

class WatchedDatabase extends Database {
  override rows<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Row[]> {
    return super.rows<Row>(statement, values).catch(noteDeadlock);
  }

  override transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return super.transaction((transaction) => work(transaction).catch(noteDeadlock));
  }
}

function noteDeadlock(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.code === '40P01') deadlocks += 1;
  throw error;
}

let testDatabase: TestDatabase;
let databases: Database[];
let processes: HttpServer[];
let stage: Stage;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const { url, database } = testDatabase;
  const clock = new FakeClock();
  databases = ['one process', 'another'].map(
    (applicationName) => new WatchedDatabase({ url, connections: 8, applicationName }),
  );
  processes = await Promise.all(
    databases.map((own) =>
      createHttpServer({
        routes: [identityRoutes(new Identity({ database: own, clock }))],
        authenticator,
        log: createLog({ level: 'silent' }),
        clock,
      }),
    ),
  );
  stage = {
    database,
    async tick() {
      await clock.advance(1_000);
      return clock.now();
    },
    async call(process, appId, operation) {
      const { method, path, payload, headers = {} } = requestOf(operation);
      const server = processes[process % processes.length];
      if (server === undefined) throw new Error('no process');
      const answer = await server.http.inject({
        method,
        url: `/apps/${appId}/${path}`,
        headers,
        ...(payload && { payload }),
      });
      return readAnswer(answer.statusCode, answer.json());
    },
  };
});
afterAll(async () => {
  await Promise.all(processes.map((process) => process.close()));
  await Promise.all(databases.map((database) => database.end()));
  await testDatabase.drop();
});

function holds(runs: number, programs: fc.Arbitrary<Program>, how: (program: Program) => Promise<void>) {
  let tries = 1;
  const property = fc.asyncProperty(programs, async (program) => {
    for (let left = tries; left > 0; left -= 1) {
      await how(program).catch((error: unknown) => {
        tries = TRIES;
        throw error;
      });
    }
  });
  return fc.assert(property, { numRuns: runs * TIMES, ...(SEED !== undefined && { seed: Number(SEED) }) });
}

test(
  'one client after the other gets the answers and leaves the state that the reference describes',
  async () => {
    const one = programs({ ...FEW, turns: 30, atOnce: [1, 1] });
    await expect(holds(50, one, (program) => play(stage, program))).resolves.toBeUndefined();
  },
  PATIENCE_MS,
);

test(
  'people with many devices keep twenty, and the oldest leave',
  async () => {
    const rich = programs({ turns: 20, atOnce: [1, 2], devices: 16, entries: 18, without: IN_TWO_STEPS });
    await expect(holds(20, rich, (program) => play(stage, program))).resolves.toBeUndefined();
  },
  PATIENCE_MS,
);

test(
  'clients at once in two processes get answers that some order of their requests explains',
  async () => {
    const some = programs({ ...FEW, turns: 8, atOnce: [2, 4], without: IN_TWO_STEPS });
    await expect(holds(60, some, (program) => play(stage, program))).resolves.toBeUndefined();
  },
  PATIENCE_MS,
);

test(
  'a crowd in two processes gets no fault and no deadlock, and leaves rows that agree with each other',
  async () => {
    const crowds = programs({ ...FEW, turns: 30, atOnce: [15, 20] });
    await holds(3, crowds, (program) => playCrowd(stage, program.flat(), WIDE));
    expect(deadlocks).toBe(0);
  },
  PATIENCE_MS,
);
