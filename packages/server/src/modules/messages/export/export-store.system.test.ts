import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { Partitions } from '../../../platform/database/partitions.ts';
import { newId, newTimedId } from '../../../platform/ids.ts';
import { readEndedDeliveries } from './export-store.ts';
import { writeActivity } from './write-csv.ts';

const RECIPIENTS = 30_000;
const app = newId();
const clock = new FakeClock();
const message = newTimedId(clock.now());
let test: TestDatabase;

const sql = (text: string, values: readonly unknown[] = []) => test.database.run({ name: '', text }, values);

beforeAll(async () => {
  test = await createTestDatabase();
  await new Partitions(test.database).ahead(clock.now());
  // Two lanes: more in each than one statement reads.
  await sql(
    `insert into deliveries (lane, message_id, subscription_id, user_id, page, attempts, state, at)
     select n % 2, $1, gen_random_uuid(), gen_random_uuid(), 1, 1, 'sent', $3 from generate_series(1, $2::int) n`,
    [message, RECIPIENTS, new Date(clock.now())],
  );
  await sql(
    `insert into delivery_events (lane, message_id, subscription_id, kind, event_id, at)
     select lane, message_id, subscription_id, kind, gen_random_uuid(), at
     from deliveries cross join unnest(array['delivered', 'clicked', 'clicked']) kind where lane = 1`,
  );
  await sql(
    `insert into message_chunks (message_id, lane, app_id, channel, state, priority, due_at)
     select distinct message_id, lane, $1::uuid, 'email', 'done', 1, at from deliveries`,
    [app],
  );
});
afterAll(() => test.drop());

it('a file has a line for each of many deliveries, and few of them are in memory at a time', async () => {
  const lines = new Set<string>();
  let largest = 0;
  let clicked = 0;
  for await (const part of writeActivity(readEndedDeliveries(test.database, app, message), 'email')) {
    const found = part.split('\r\n').slice(0, -1);
    largest = Math.max(largest, found.length);
    for (const line of found) lines.add(line);
    clicked += found.filter((line) => line.includes(',true,true,true,')).length;
  }
  expect(lines.size).toBe(RECIPIENTS + 1);
  expect(clicked).toBe(RECIPIENTS / 2);
  expect(largest).toBe(5_000);
});

it('a file of another app’s message has no lines', async () => {
  for await (const page of readEndedDeliveries(test.database, newId(), message)) expect(page).toEqual([]);
});
