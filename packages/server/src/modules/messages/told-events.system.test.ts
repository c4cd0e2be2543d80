import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { connectHints } from '../../platform/database/hints.ts';
import type { Hints } from '../../platform/database/hints.ts';
import { Partitions } from '../../platform/database/partitions.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { FEED_START, feedEnd } from '../feed/index.ts';
import type { FeedCursor } from '../feed/index.ts';
import { Identity } from '../identity/index.ts';
import { parseMessage } from './create/parse-message.ts';
import type { Deliverer } from './index.ts';
import { composeSendingProcess } from './sending-process.ts';
import { readEvents } from '../streams/index.ts';

const deliver: Deliverer['deliver'] = async ({ recipients }) =>
  recipients.map(() => ({ state: 'sent', ref: null }));

let test: TestDatabase;
let hints: Hints;
let identity: Identity;
let partitions: Partitions;
let appId: string;
const clock = new FakeClock();

beforeAll(async () => {
  test = await createTestDatabase();
  hints = await connectHints(test.database, createLog({ level: 'silent' }));
  identity = new Identity({ database: test.database, clock });
  partitions = new Partitions(test.database);
  await partitions.ahead(Date.now());
});
afterAll(async () => {
  await hints.end();
  await test.drop();
});
beforeEach(() => {
  appId = newId();
});

/** Sends an email to somebody, from a process with its own clock, and waits until it is told. */
async function send(name: string, from: FakeClock = clock): Promise<void> {
  const { database } = test;
  const place = { database, clock: from, hints, partitions, identity };
  const { creator, sender } = composeSendingProcess({ ...place, deliver, leaseMs: 60_000, pageSize: 10 });
  await creator.create(
    parseMessage(appId, {
      app_id: appId,
      target_channel: 'email',
      include_aliases: { external_id: [name] },
      email_subject: 'Hello',
      email_body: 'Hello',
    }),
  );
  await sender.stop();
}

async function makeUser(name: string, token: string): Promise<void> {
  await identity.upsertUser(appId, {
    identity: { external_id: name },
    subscriptions: [{ type: 'Email', token }],
  });
}

async function namesSince(cursor: FeedCursor): Promise<{ names: (string | null)[]; cursor: FeedCursor }> {
  const { events, cursor: next } = await readEvents(test.database, appId, cursor, 100);
  return { names: events.map((event) => event.external_id), cursor: next };
}

describe('the events of an app', () => {
  it('name the person to whom it happened, also when the address has moved to another one since', async () => {
    await makeUser('anna', 'shared@example.com');
    await send('anna');
    await makeUser('ben', 'shared@example.com');
    await send('ben');
    await until('both are told', async () => (await namesSince(FEED_START)).names.length === 2);
    expect(new Set((await namesSince(FEED_START)).names)).toEqual(new Set(['anna', 'ben']));
  });

  it('come after those of a machine whose clock was years ahead', async () => {
    await makeUser('anna', 'anna@example.com');
    await send('anna', new FakeClock('2031-01-01T00:00:00Z'));
    const first = await namesSince(FEED_START);
    expect(first.names).toEqual(['anna']);
    await send('anna');
    expect((await namesSince(first.cursor)).names).toEqual(['anna']);
  });

  it('come after the end of the feed, and those of other apps do not', async () => {
    await makeUser('anna', 'anna@example.com');
    await send('anna');
    const end = await feedEnd(test.database);
    expect((await namesSince(end)).names).toEqual([]);
    const mine = appId;
    appId = newId();
    await makeUser('ben', 'ben@example.com');
    await send('ben');
    appId = mine;
    expect((await namesSince(end)).names).toEqual([]);
    await send('anna');
    expect((await namesSince(end)).names).toEqual(['anna']);
  });
});
