import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock, createTestDatabase, until } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { connectHints } from '../../../platform/database/hints.ts';
import type { Hints } from '../../../platform/database/hints.ts';
import { Partitions } from '../../../platform/database/partitions.ts';
import { laneOf, newId } from '../../../platform/ids.ts';
import { createLog } from '../../../platform/log.ts';
import { FEED_START, feedData } from '../../feed/index.ts';
import { Identity } from '../../identity/index.ts';
import type { Person } from '../../identity/index.ts';
import { readEvents } from '../../streams/index.ts';
import { ContentCache } from '../../templates/index.ts';
import { parseMessage } from '../create/parse-message.ts';
import type { Deliverer } from '../index.ts';
import { composeSendingProcess } from '../sending-process.ts';
import { messageData } from './message-data.ts';

const MINUTE = 60_000;
let test: TestDatabase;
let hints: Hints;
let identity: Identity;
let contents: ContentCache;
let app: string;
let deliver: Deliverer['deliver'];
const clock = new FakeClock(Date.now());

beforeAll(async () => {
  test = await createTestDatabase();
  hints = await connectHints(test.database, createLog({ level: 'silent' }));
  identity = new Identity({ database: test.database, clock });
  contents = new ContentCache(test.database);
});
afterAll(async () => {
  await hints.end();
  await test.drop();
});
beforeEach(() => {
  app = newId();
  deliver = async ({ recipients }) => recipients.map(() => ({ state: 'sent', ref: 'provider-ref' }));
});

function startSending() {
  const { database } = test;
  const place = { database, clock, hints, partitions: new Partitions(database), identity };
  return composeSendingProcess({
    ...place,
    deliver: (job) => deliver(job),
    leaseMs: 60_000,
    pageSize: 1_000,
  });
}

/** Sends, and waits until nothing is under way. */
async function send(body: object): Promise<string> {
  const { creator, sender } = startSending();
  sender.start();
  const message = { app_id: app, email_subject: 'Hello', email_body: 'Hello', ...body };
  const { answer } = await creator.create(parseMessage(app, message));
  await until('it is sent', async () => {
    const chunks = await rows<{ state: string }>(
      `select state from message_chunks where message_id = $1 and state <> 'done'`,
      [answer.id],
    );
    return chunks.length === 0;
  });
  await sender.stop();
  return answer.id;
}

const rows = <Row extends object>(text: string, values: unknown[] = []) =>
  test.database.rows<Row>({ name: '', text }, values);

async function addUser(name: string): Promise<Person> {
  await identity.upsertUser(app, {
    identity: { external_id: name },
    subscriptions: [{ type: 'Email', token: `${name}@example.com` }],
  });
  const address = { by: 'alias', label: 'external_id', value: name } as const;
  return (await identity.person(app, address)).person;
}

/** So many people of one lane: what is sent to them is one page. */
async function addNeighbours(count: number): Promise<Person[]> {
  const lanes = new Map<number, Person[]>();
  for (let n = 0; ; n += 200) {
    const names = Array.from({ length: 200 }, (_, index) => `crowd-${n + index}`);
    for (const person of await Promise.all(names.map((name) => addUser(name)))) {
      const lane = laneOf(person.users[0]?.userId ?? '');
      const neighbours = [...(lanes.get(lane) ?? []), person];
      if (neighbours.length === count) return neighbours;
      lanes.set(lane, neighbours);
    }
  }
}

/** Takes the identity away, as a deletion does, and then what the feed and messages hold. */
async function erase(...people: Person[]) {
  for (const { users } of people) {
    const id = users[0]?.userId ?? '';
    await identity.users.delete(app, { by: 'id', id }).catch(() => undefined);
  }
  const { database } = test;
  const deleted = people.map((person) => ({ ...person, deletedAt: new Date(clock.now()), byUndo: false }));
  await feedData(database).erase(deleted);
  const [ledger, texts] = messageData({ database, clock, identity, contents });
  const erased = await ledger?.erase(deleted);
  return { erased, texts: () => texts?.erase(deleted) };
}

const toAlias = (...names: string[]) => ({
  target_channel: 'email' as const,
  include_aliases: { external_id: names },
});

const byAddress = (name: string) => ({ field: 'email', value: `${name}@example.com` });

const doNothing = (): void => undefined;

describe('a reader of the feed', () => {
  it('in the middle of a page misses nobody else when people of that page are erased', async () => {
    const people = await addNeighbours(8);
    const targets = people.map(({ subscriptions }) => subscriptions[0]?.id ?? '');
    await send({ include_subscription_ids: targets });
    const inOrder = people.toSorted((a, b) =>
      (a.subscriptions[0]?.id ?? '') < (b.subscriptions[0]?.id ?? '') ? -1 : 1,
    );
    const first = await readEvents(test.database, app, FEED_START, 4);

    // One at the page's beginning, one that was read, one that was not, and the last one.
    const gone = [inOrder[0], inOrder[2], inOrder[5], inOrder[7]].filter((one) => one !== undefined);
    expect((await erase(...gone)).erased?.map((one) => one.rows)).toEqual([1, 1, 1, 1]);

    const rest = await readEvents(test.database, app, first.cursor, 100);
    const names = [...first.events, ...rest.events].map((event) => event.subscription_id);
    const left = inOrder.filter((one) => !gone.includes(one)).map((one) => one.subscriptions[0]?.id ?? '');
    expect(new Set(names.filter((id) => id !== null && left.includes(id)))).toEqual(new Set(left));
    expect(rest.events).toHaveLength(4);
    const replay = await readEvents(test.database, app, FEED_START, 100);
    expect(replay.events).toHaveLength(8);
    const said = JSON.stringify(replay.events);
    for (const { users, subscriptions } of gone) {
      expect(said).not.toContain(users[0]?.userId);
      expect(said).not.toContain(subscriptions[0]?.id);
    }
  });
});

describe('a message', () => {
  it('that is being handed over is left alone, and erased when that is over', async () => {
    const anna = await addUser('anna');
    let finish = doNothing;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    deliver = async ({ recipients }) => {
      await finished;
      return recipients.map(() => ({ state: 'sent', ref: null }));
    };
    const { creator, sender } = startSending();
    sender.start();
    const body = { app_id: app, email_subject: 'Hello', email_body: 'Hello', ...toAlias('anna') };
    const { answer } = await creator.create(parseMessage(app, body));
    expect((await erase(anna)).erased).toEqual([{ rows: 0, isUnfinished: true }]);
    finish();
    await sender.stop();
    expect((await erase(anna)).erased).toEqual([{ rows: 1, isUnfinished: false }]);
    const [chunk] = await rows<object>(
      `select c.state, c.sent, c.targets = array[c.cursor] as consistent, d.subscription_id = c.cursor as same, d.user_id, d.ref
       from message_chunks c join deliveries d on d.lane = c.lane and d.message_id = c.message_id
       where c.message_id = $1`,
      [answer.id],
    );
    expect(chunk).toEqual({ state: 'done', sent: 1, consistent: true, same: true, user_id: null, ref: null });
  });

  it('whose filters name an address of somebody who is gone keeps neither, and the rest of its filters', async () => {
    const anna = await addUser('anna');
    await addUser('ben');
    const filters = [byAddress('anna'), { operator: 'OR' }, byAddress('ben')];
    const id = await send({ filters });
    await erase(anna);
    const [kept] = await rows<object>('select request, audience from messages where id = $1', [id]);
    expect(kept).toMatchObject({
      request: { filters: [{ field: 'email', value: '' }, {}, byAddress('ben')] },
    });
    expect(JSON.stringify(kept)).not.toContain('anna');
    expect(JSON.stringify(kept)).toContain('{"not":false,"kind":"email","email":"ben@example.com"}');
  });

  it('that waits for its time goes to nobody, is counted, and says nothing any more', async () => {
    const [anna, ben] = [await addUser('anna'), await addUser('ben')];
    const { creator } = startSending();
    const later = { send_after: new Date(clock.now() + MINUTE).toISOString() };
    const message = { app_id: app, email_subject: 'Secret', email_body: 'Secret', ...later };
    const alone = await creator.create(parseMessage(app, { ...message, ...toAlias('anna') }));
    const both = await creator.create(parseMessage(app, { ...message, ...toAlias('anna', 'ben') }));
    await erase(anna);
    const requests = await rows<{ id: string; request: object }>(
      'select id, request from messages where app_id = $1',
      [app],
    );
    const requestOf = (id: string) => requests.find((row) => row.id === id)?.request;
    expect(requestOf(alone.answer.id)).toEqual({});
    expect(requestOf(both.answer.id)).toMatchObject({
      include_aliases: { external_id: ['ben'] },
      email_subject: 'Secret',
    });

    await clock.advance(MINUTE);
    const { sender } = startSending();
    sender.start();
    await until('all is sent', async () => {
      const open = await rows(`select 1 from message_chunks where app_id = $1 and state <> 'done'`, [app]);
      return open.length === 0;
    });
    await sender.stop();
    const counts = await rows<object>(
      `select message_id = $2 as alone, sum(sent)::int as sent, sum(failed)::int as failed
       from message_chunks where app_id = $1 group by message_id order by 1`,
      [app, alone.answer.id],
    );
    expect(counts).toEqual([
      { alone: false, sent: 1, failed: 1 },
      { alone: true, sent: 0, failed: 1 },
    ]);
    const left = await rows('select 1 from deliveries where subscription_id = $1', [
      anna.subscriptions[0]?.id,
    ]);
    expect(left).toEqual([]);
    const sent = await rows('select 1 from deliveries where subscription_id = $1', [
      ben.subscriptions[0]?.id,
    ]);
    expect(sent).toHaveLength(1);
  });

  it('to several is wiped with the last of them, and not before', async () => {
    const people = [await addUser('anna'), await addUser('ben')];
    const id = await send({ ...toAlias('anna', 'ben'), custom_data: { for: 'both' }, name: 'Both' });
    const read = () => rows<object>('select custom_data, name from messages where id = $1', [id]);
    await erase(...people.slice(0, 1));
    expect(await read()).toEqual([{ custom_data: { for: 'both' }, name: 'Both' }]);
    await erase(...people.slice(1));
    expect(await read()).toEqual([{ custom_data: null, name: null }]);
  });
});

const textsOf = (subject: string) =>
  rows('select 1 from contents where app_id = $1 and content ->> $2 = $3', [app, 'subject', subject]);

describe('a text', () => {
  it('that was written for one person goes some minutes later, and one that others got stays', async () => {
    const [anna] = [await addUser('anna'), await addUser('ben')];
    await send({ ...toAlias('anna'), email_subject: 'Only for Anna' });
    await send({ ...toAlias('anna'), email_subject: 'Receipt' });
    await send({ ...toAlias('ben'), email_subject: 'Receipt' });
    const { texts } = await erase(anna);
    expect(await texts()).toEqual([{ rows: 0, isUnfinished: true }]);
    expect(await textsOf('Only for Anna')).toHaveLength(1);
    await clock.advance(6 * MINUTE);
    expect(await texts()).toEqual([{ rows: 0, isUnfinished: false }]);
    expect(await textsOf('Only for Anna')).toEqual([]);
    expect(await textsOf('Receipt')).toHaveLength(1);
  });

  it('that somebody is about to send again is not deleted under them', async () => {
    const [anna] = [await addUser('anna'), await addUser('ben')];
    await send({ ...toAlias('anna'), email_subject: 'Often sent' });
    const { texts } = await erase(anna);
    await clock.advance(6 * MINUTE);
    // Kept in memory since long, and looked at again because that is more than a minute ago.
    const { creator } = startSending();
    const body = { app_id: app, email_subject: 'Often sent', email_body: 'Hello', ...toAlias('ben') };
    await creator.create(parseMessage(app, body));
    expect(await texts()).toEqual([{ rows: 0, isUnfinished: false }]);
    expect(await textsOf('Often sent')).toHaveLength(1);
  });
});
