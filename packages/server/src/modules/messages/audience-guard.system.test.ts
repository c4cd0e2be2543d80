import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import type { AudienceGuardRule } from '@carillon/wire';
import { statement } from '../../platform/database/database.ts';
import { connectHints } from '../../platform/database/hints.ts';
import type { Hints } from '../../platform/database/hints.ts';
import { Partitions } from '../../platform/database/partitions.ts';
import { newId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import { AudienceCounter } from '../audience/index.ts';
import { audienceSources } from './audience-sources.ts';
import { Identity } from '../identity/index.ts';
import { parseMessage } from './create/parse-message.ts';
import { forgetAudienceUse } from './create/audience-use-store.ts';
import { AudienceGuard } from './index.ts';
import type { MessageCreator } from './index.ts';
import { composeSendingProcess } from './sending-process.ts';

const PEOPLE = 10;
const MINUTE_MS = 60_000;
const clock = new FakeClock();
const NEW_APP = statement(
  'test.app',
  `with made as (
     insert into organizations (id, name, created_at, updated_at) values ($1, 'o', now(), now()))
   insert into apps (id, organization_id, name, created_at, updated_at) values ($1, $1, 'a', now(), now())`,
);
const USED = statement('test.used', 'select count(*)::int as minutes from audience_use where app_id = $1');

let db: TestDatabase;
let hints: Hints;
let identity: Identity;
let appId: string;
let rule: AudienceGuardRule | null;
let creator: MessageCreator;

beforeAll(async () => {
  db = await createTestDatabase();
  const { database } = db;
  hints = await connectHints(database, createLog({ level: 'silent' }));
  identity = new Identity({ database, clock });
  const partitions = new Partitions(database);
  await partitions.ahead(Date.now());
  const counter = new AudienceCounter(database, clock, audienceSources());
  const guard = new AudienceGuard({
    database,
    clock,
    ruleOf: async () => rule,
    countSubscribed: async (id) => (await identity.countSubscriptions([id])).get(id)?.messageablePlayers ?? 0,
    countAudience: async (id, channel, audience) =>
      (await counter.count(id, audience, { channels: [channel] }))[channel],
  });
  ({ creator } = composeSendingProcess({
    database,
    clock,
    hints,
    partitions,
    identity,
    guard,
    deliver: async ({ recipients }) => recipients.map(() => ({ state: 'sent', ref: null })),
    leaseMs: 60_000,
    pageSize: 100,
    onlyAccepts: true,
  }));
});
afterAll(async () => {
  await hints.end();
  await db.drop();
});
beforeEach(async () => {
  appId = newId();
  rule = { times: 2, within_minutes: 15 };
  await db.database.run(NEW_APP, [appId]);
  await Promise.all(
    Array.from({ length: PEOPLE }, (_, n) =>
      identity.upsertUser(appId, {
        identity: { external_id: `user-${n}` },
        subscriptions: [{ type: 'Email', token: `user-${n}@example.com` }],
      }),
    ),
  );
});

const everyone = { included_segments: ['Subscribed Users'] };
const to = (count: number) => ({
  include_aliases: { external_id: Array.from({ length: count }, (_, n) => `user-${n}`) },
});

async function send(audience: object, more: object = {}) {
  const content = { target_channel: 'email', email_subject: 'Hello', email_body: 'Hello' } as const;
  const draft = parseMessage(appId, { app_id: appId, ...content, ...audience, ...more });
  return (await creator.create(draft)).answer.id;
}

const REFUSED = { code: 'message-audience-guard', status: 400 };

describe('an app that guards its audience', () => {
  it('sends within minutes to so many times its subscriptions, and no further', async () => {
    await send(everyone);
    await send(to(9));
    await send(to(1));
    await expect(send(to(1))).rejects.toMatchObject(REFUSED);
    await expect(send(everyone)).rejects.toThrow(
      'is for 10 recipients, and the app has 20 in the 15 minutes before: more than 20, which is 2 times its 10 subscriptions',
    );
    await clock.advance(15 * MINUTE_MS);
    expect(await send(everyone)).not.toBe('');
  });

  it('sends what is confirmed for as many as it is for, and counts it', async () => {
    rule = { times: 0.5, within_minutes: 15 };
    await expect(send(everyone, { confirm_recipients: 9 })).rejects.toMatchObject(REFUSED);
    expect(await send(everyone, { confirm_recipients: 10 })).not.toBe('');
    await expect(send(to(1))).rejects.toMatchObject(REFUSED);
  });

  it('counts a message at the time at which it is due', async () => {
    const later = new Date(clock.now() + 60 * MINUTE_MS).toISOString();
    for (let n = 0; n < 2; n += 1) await send(everyone, { send_after: later });
    await expect(send(everyone, { send_after: later })).rejects.toMatchObject(REFUSED);
    expect(await send(everyone)).not.toBe('');
  });

  it('counts a message once that is asked for twice under one key, and answers as at first', async () => {
    rule = { times: 1, within_minutes: 15 };
    const idempotency_key = newId();
    const id = await send(everyone, { idempotency_key });
    expect(await send(everyone, { idempotency_key })).toBe(id);
    await expect(send(everyone, { idempotency_key: newId() })).rejects.toMatchObject(REFUSED);
  });

  it('lets no more through of many at once', async () => {
    const sends = await Promise.allSettled(Array.from({ length: 50 }, () => send(to(1))));
    expect(sends.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  });

  it('forgets what no window reaches any more, and counts nothing without a guard', async () => {
    await send(everyone);
    rule = null;
    for (let n = 0; n < 5; n += 1) await send(everyone);
    expect(await db.database.rows(USED, [appId])).toEqual([{ minutes: 1 }]);
    await forgetAudienceUse(db.database, clock.now() + 49 * 60 * MINUTE_MS);
    expect(await db.database.rows(USED, [appId])).toEqual([{ minutes: 0 }]);
  });
});
