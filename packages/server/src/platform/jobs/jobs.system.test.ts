import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { pino } from 'pino';
import { startJobs } from './jobs.ts';
import type { Job, Jobs } from './jobs.ts';
import { requestJob } from './request-job.ts';

/** Midnight of New Year: not while this runs. */
const SELDOM = '0 0 1 1 *';
const PAST = Date.parse('2026-11-01T12:00:00Z');

let db: TestDatabase;
const started: Jobs[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(async () => {
  for (const jobs of started) await jobs.stop();
  await db.drop();
});

async function start(...jobs: Omit<Job, 'schedule'>[]): Promise<Jobs> {
  const log = pino({ level: 'silent' });
  const running = await startJobs({
    url: db.url,
    log,
    jobs: jobs.map((job) => ({ ...job, schedule: SELDOM })),
  });
  started.push(running);
  return running;
}

function request(name: string, key = 'k') {
  return requestJob(db.database, { name, key, at: PAST });
}

function waitingJobs(): Promise<unknown[]> {
  return db.database.rows({ name: '', text: 'select from graphile_worker.jobs' });
}

test('a job can be asked for before any worker has run, in a transaction that decides', async () => {
  await db.database.transaction((transaction) =>
    requestJob(transaction, { name: 'kept', key: 'k', at: PAST }),
  );
  const failing = db.database.transaction(async (transaction) => {
    await requestJob(transaction, { name: 'dropped', key: 'k', at: PAST });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  const ran: string[] = [];
  const note = (name: string) => ({ name, run: async () => void ran.push(name) });
  await start(note('kept'), note('dropped'), note('afterwards'));
  await until('the job has run', () => ran.includes('kept'));
  await request('afterwards');
  // On a busy machine the worker may begin to listen after this request: then it looks by itself, in half a minute.
  await until('the next job has run', () => ran.includes('afterwards'), 60_000);
  expect(ran).toEqual(['kept', 'afterwards']);
}, 90_000);

test('a request takes the place of one under the same key that still waits', async () => {
  let runs = 0;
  await request('once', 'a');
  await request('once', 'a');
  await request('once', 'b');
  await start({ name: 'once', run: async () => void (runs += 1) });
  await until('both have run', () => runs === 2);
  // A job's row goes a moment after the job has run.
  await until('no third is left', async () => (await waitingJobs()).length === 0);
  expect(runs).toBe(2);
});

test('a long job hears that the process ends, and what it asks for then is kept', async () => {
  const told: string[] = [];
  const long = await start({
    name: 'long',
    async run(stopping) {
      told.push('works');
      await new Promise((resolve) => stopping.addEventListener('abort', resolve));
      await request('long', 'rest');
      told.push('stopped');
    },
  });
  await request('long');
  await until('it works', () => told.length === 1);
  await long.stop();
  started.splice(started.indexOf(long), 1);
  await start({ name: 'long', run: async () => void told.push('went on') });
  await until('another process has gone on', () => told.length === 3);
  expect(told).toEqual(['works', 'stopped', 'went on']);
});
