import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { connectHints } from '../../../platform/database/hints.ts';
import type { Hints } from '../../../platform/database/hints.ts';
import { Partitions } from '../../../platform/database/partitions.ts';
import { newId } from '../../../platform/ids.ts';
import { createLog } from '../../../platform/log.ts';
import { Identity } from '../../identity/index.ts';
import { parseMessage } from '../create/parse-message.ts';
import { DELIVERY_STATES } from '../delivery.ts';
import { cancelMessage } from '../message-store.ts';
import type { Deliverer } from '../send/deliverer.ts';
import { composeSendingProcess } from '../sending-process.ts';
import { MessageViews } from './message-views.ts';

const clock = new FakeClock();
const app = newId();
let test: TestDatabase;
let hints: Hints;
let identity: Identity;
let partitions: Partitions;

beforeAll(async () => {
  test = await createTestDatabase();
  hints = await connectHints(test.database, createLog({ level: 'silent' }));
  identity = new Identity({ database: test.database, clock });
  partitions = new Partitions(test.database);
  for (const now of [Date.now(), clock.now()]) await partitions.ahead(now);
});
afterAll(async () => {
  await hints.end();
  await test.drop();
});

const deliver: Deliverer['deliver'] = async ({ recipients }) =>
  recipients.map(({ token }) => {
    if (token.startsWith('bad')) return { state: 'failed', reason: 'refused' };
    if (token.startsWith('busy')) return { state: 'retry', reason: 'later', afterMs: null };
    return { state: 'sent', ref: null };
  });

function processWith(as: Deliverer['deliver'] = deliver) {
  const { database } = test;
  const place = { database, clock, hints, partitions, identity };
  return composeSendingProcess({ ...place, deliver: as, leaseMs: 60_000, pageSize: 4 });
}

async function ledgerOf(id: string): Promise<Record<string, number>> {
  const rows = await test.database.rows<{ state: string; count: number }>(
    {
      name: '',
      text: 'select state, count(*)::int as count from deliveries where message_id = $1 group by state',
    },
    [id],
  );
  const counts = new Map(rows.map(({ state, count }) => [state, count]));
  return Object.fromEntries(DELIVERY_STATES.map((state) => [state, counts.get(state) ?? 0]));
}

/** The view's counts, and the same from the rows of the ledger. */
async function bothCounts(id: string, targets: number) {
  const {
    successful,
    failed,
    errored,
    remaining,
    platform_delivery_stats: stats,
  } = await new MessageViews(test.database, async () => []).one(app, id);
  const {
    sent = 0,
    unsubscribed = 0,
    suppressed = 0,
    capped = 0,
    expired = 0,
    unknown = 0,
    cancelled = 0,
    ...rest
  } = await ledgerOf(id);
  const refused = rest['failed'] ?? 0;
  const ended = sent + unsubscribed + suppressed + capped + expired + unknown + cancelled + refused;
  expect(stats.email).toMatchObject({ successful, failed, errored });
  return {
    view: { successful, failed, errored, remaining },
    ledger: {
      successful: sent,
      failed: unsubscribed + suppressed + capped,
      errored: refused + expired + unknown,
      remaining: targets - ended,
    },
    cancelled,
  };
}

it('a view counts what the ledger holds: while deliveries wait for another attempt, and after a cancel', async () => {
  const names = ['good', 'bad', 'busy', 'off'].flatMap((fate) => [1, 2, 3, 4, 5].map((n) => `${fate}-${n}`));
  for (const name of names) {
    await identity.upsertUser(app, {
      identity: { external_id: name },
      subscriptions: [{ type: 'Email', token: `${name}@example.com`, enabled: !name.startsWith('off') }],
    });
  }
  const first = processWith();
  const { answer } = await first.creator.create(
    parseMessage(app, {
      app_id: app,
      target_channel: 'email',
      include_aliases: { external_id: names },
      email_subject: 'Hello',
      email_body: 'Hello',
    }),
  );
  await first.sender.stop();
  const before = await bothCounts(answer.id, names.length);
  expect(before.view).toEqual(before.ledger);
  expect(before.view).toEqual({ successful: 5, failed: 5, errored: 5, remaining: 5 });

  expect(await cancelMessage(test.database, app, answer.id, clock.now())).toBe('cancelled');
  const second = processWith();
  second.sender.start();
  await until('nothing is left', async () => {
    await clock.advance(1_000);
    return (await bothCounts(answer.id, names.length)).view.remaining === 0;
  });
  await second.sender.stop();
  const after = await bothCounts(answer.id, names.length);
  expect(after.view).toEqual(after.ledger);
  expect(after.cancelled).toBe(5);
});
