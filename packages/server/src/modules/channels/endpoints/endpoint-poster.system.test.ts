import { ChatReceiver, FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SecretBox, newMasterKey, parseMasterKeys } from '../../../platform/crypto/index.ts';
import { connectHints } from '../../../platform/database/hints.ts';
import type { Hints } from '../../../platform/database/hints.ts';
import { createLog } from '../../../platform/log.ts';
import { Outbound, reachableAddresses } from '../../../platform/outbound/index.ts';
import { SYSTEM, bootstrap } from '../../accounts/index.ts';
import { claimPosts, settlePost } from './claim-store.ts';
import { EndpointPoster, POST_LEASE_MS } from './endpoint-poster.ts';
import { Endpoints } from './endpoints.ts';
import { endpointJobs } from './jobs.ts';
import { findPost } from './post-store.ts';

const ALLOWED = ['127.0.0.1'];
const DAY = 86_400_000;
const log = createLog({ level: 'silent' });
const outbound = new Outbound(ALLOWED);
let db: TestDatabase;
let hints: Hints;
let receiver: ChatReceiver;
let clock: FakeClock;
let endpoints: Endpoints;
let appId: string;
let number = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  hints = await connectHints(db.database, log);
  receiver = await new ChatReceiver().start();
  clock = new FakeClock(Date.now());
  endpoints = new Endpoints({
    database: db.database,
    clock,
    box: new SecretBox(parseMasterKeys(newMasterKey())),
    outbound,
    isReachable: reachableAddresses(ALLOWED),
    onPost: () => hints.give('endpoints'),
  });
  ({ appId } = (await bootstrap(db.database, clock))!);
});
afterAll(async () => {
  outbound.close();
  await receiver.stop();
  await hints.end();
  await db.drop();
});
beforeEach(() => {
  receiver.isDown = true;
});

function newPoster(): EndpointPoster {
  return new EndpointPoster({
    database: db.database,
    clock,
    hints,
    log,
    outbound,
    settingsOf: async (place) => (await endpoints.find(place.appId, place.endpoint))?.settings ?? null,
  });
}

/** While `posters` run. */
async function running(posters: readonly EndpointPoster[], work: () => Promise<void>): Promise<void> {
  for (const poster of posters) poster.start();
  try {
    await work();
  } finally {
    await Promise.all(posters.map((poster) => poster.stop()));
  }
}

/** A webhook of the receiver's, under a name that begins so. */
async function newEndpoint(start = 'room'): Promise<string> {
  const name = `${start}-${(number += 1)}`;
  await endpoints.set(appId, name, { kind: 'webhook', url: `${receiver.url}/webhook/${name}` }, SYSTEM);
  return name;
}
/** Each in a millisecond of its own, which is what their order is told by. */
async function post(name: string, text: string): Promise<string> {
  await clock.advance(1);
  return (await endpoints.post(appId, name, { text })).id;
}
const view = async (name: string, id: string) => (await findPost(db.database, appId, name, id))!;
const texts = (name: string) => receiver.at(`/webhook/${name}`).map(({ body }) => body.text);
const claim = () =>
  claimPosts(db.database, {
    now: clock.now(),
    leaseMs: POST_LEASE_MS,
    except: [],
    mostEndpoints: 10,
    mostOfEach: 10,
  });
const inState = (name: string, id: string, state: string) =>
  until(`the post is ${state}`, async () => (await view(name, id)).state === state);
const tried = (name: string, id: string, attempts: number) =>
  until(`it was tried ${attempts} times`, async () => (await view(name, id)).attempts === attempts);

describe('a post to an endpoint', () => {
  it('goes out once, however many processes post', async () => {
    const names = await Promise.all(Array.from({ length: 5 }, () => newEndpoint()));
    const ids: [string, string][] = [];
    for (let n = 0; n < 100; n += 1) {
      const name = names.at(n % 5)!;
      ids.push([name, await post(name, String(n).padStart(3, '0'))]);
    }
    await running([newPoster(), newPoster(), newPoster()], async () => {
      for (const [name, id] of ids) await inState(name, id, 'sent');
    });
    expect(names.flatMap(texts).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, n) => String(n).padStart(3, '0')),
    );
  });

  it('goes out in the order in which it was accepted, where one process posts', async () => {
    const name = await newEndpoint();
    const said = Array.from({ length: 30 }, (_, n) => `${n}`);
    let last = '';
    for (const text of said) last = await post(name, text);
    await running([newPoster()], () => inState(name, last, 'sent').then(() => undefined));
    expect(texts(name)).toEqual(said);
  });

  it('is left alone while another process has it, and goes out when that was killed', async () => {
    const name = await newEndpoint();
    const id = await post(name, 'orphan');
    const claimed = (await claim()).at(0)!;
    expect(claimed).toMatchObject({ id });
    await running([newPoster()], async () => {
      const other = await newEndpoint();
      await inState(other, await post(other, 'meanwhile'), 'sent');
      expect(texts(name)).toEqual([]);
      await clock.advance(POST_LEASE_MS - 3);
      const third = await newEndpoint();
      await inState(third, await post(third, 'still'), 'sent');
      expect(texts(name)).toEqual([]);
      await clock.advance(1);
      await inState(name, id, 'sent');
    });
    expect(texts(name)).toEqual(['orphan']);
    // The other one was not killed, only slow: what it says now counts for nothing.
    const late = { state: 'failed', reason: 'late', dueAt: clock.now() } as const;
    await settlePost(db.database, claimed, late, clock.now());
    expect(await view(name, id)).toMatchObject({ state: 'sent', reason: null, attempts: 1 });
  });

  it('is tried again after growing pauses, together with what was accepted after it', async () => {
    const name = await newEndpoint('down');
    const first = await post(name, 'one');
    const second = await post(name, 'two');
    await running([newPoster()], async () => {
      await tried(name, first, 1);
      await until('the second waits, too', async () => {
        const { dueAt } = await view(name, second);
        return dueAt.getTime() === clock.now() + 5_000;
      });
      expect(await view(name, second)).toMatchObject({ state: 'waiting', attempts: 0 });
      await clock.advance(5_000);
      await tried(name, first, 2);
      expect(await view(name, first)).toMatchObject({
        state: 'waiting',
        reason: expect.stringMatching(/^the connection failed/),
        dueAt: new Date(clock.now() + 15_000),
      });
      receiver.isDown = false;
      await until('the lease of the second is given back', async () => {
        const { dueAt } = await view(name, second);
        return dueAt.getTime() === clock.now() + 15_000;
      });
      await clock.advance(15_000);
      await inState(name, second, 'sent');
    });
    expect(texts(name)).toEqual(['one', 'two']);
    expect(await view(name, first)).toMatchObject({ state: 'sent', attempts: 3, reason: null });
  });

  it('is given up after a day, and says why', async () => {
    const name = await newEndpoint('down');
    const id = await post(name, 'lost');
    await running([newPoster()], async () => {
      await tried(name, id, 1);
      await clock.advance(DAY - 1_000);
      await inState(name, id, 'failed');
    });
    expect(await view(name, id)).toMatchObject({
      attempts: 2,
      reason: expect.stringMatching(/^given up: the connection failed/),
    });
  });

  it('ends when its endpoint is deleted, and keeps nothing of what it said', async () => {
    const name = await newEndpoint();
    const id = await post(name, 'secret words');
    await endpoints.remove(appId, name, SYSTEM);
    expect(await view(name, id)).toMatchObject({ state: 'failed', reason: 'the endpoint was deleted' });
    const [row] = await db.database.rows<{ text: string }>(
      { name: '', text: 'select row_to_json(p)::text as text from endpoint_posts p where id = $1' },
      [id],
    );
    expect(row?.text).not.toContain('secret words');
  });

  it('is forgotten 30 days after its end, and not while it waits', async () => {
    const name = await newEndpoint();
    const ended = await post(name, 'ended');
    await running([newPoster()], () => inState(name, ended, 'sent').then(() => undefined));
    const waiting = await post(name, 'waiting');
    const job = endpointJobs({ database: db.database, clock }).at(0)!;
    await clock.advance(30 * DAY - 1);
    await job.run(new AbortController().signal);
    expect(await findPost(db.database, appId, name, ended)).not.toBeNull();
    await clock.advance(1);
    await job.run(new AbortController().signal);
    expect(await findPost(db.database, appId, name, ended)).toBeNull();
    expect(await findPost(db.database, appId, name, waiting)).not.toBeNull();
  });
});
