import { until } from '@carillon/test-kit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MailingServer } from './fixtures/mailing-server.ts';

interface Told {
  readonly id: string;
  readonly event: string;
  readonly data: {
    readonly id: string;
    readonly external_id: string | null;
    readonly data?: { name: string; step?: string };
  };
}

let server: MailingServer;
const open: Tail[] = [];

beforeAll(async () => {
  server = await MailingServer.start();
  await server.done('PUT', server.of('feed/topics'), { topics: ['custom_events', 'journeys'] });
  for (const name of ['anna', 'ben']) {
    await server.done('POST', server.of('users'), { identity: { external_id: name } });
  }
});
afterAll(() => server.stop());
afterEach(() => {
  for (const tail of open.splice(0)) tail.leave();
});

/** Somebody who follows the feed, as a browser does. */
class Tail {
  readonly events: Told[] = [];
  lastId = '';
  hasEnded = false;
  readonly #leaving = new AbortController();

  static async open(query: string, headers: Record<string, string> = {}): Promise<Tail> {
    const tail = new Tail();
    const answer = await fetch(`${server.carillon.url}${server.of(`feed/live?${query}`)}`, {
      headers: { authorization: `Key ${server.carillon.appKey}`, ...headers },
      signal: tail.#leaving.signal,
    });
    const type = answer.headers.get('content-type');
    if (answer.status !== 200 || type !== 'text/event-stream; charset=utf-8') {
      throw new Error(`answered ${answer.status} with ${type}`);
    }
    open.push(tail);
    void tail.#read(answer).catch(() => undefined);
    return tail;
  }

  get names(): (string | undefined)[] {
    return this.events.map(({ data }) => data.data?.name);
  }

  leave(): void {
    this.#leaving.abort();
  }

  async #read(answer: Response): Promise<void> {
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    }
    this.hasEnded = true;
  }

  #take(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    this.lastId = fields.get('id') ?? this.lastId;
    const data = fields.get('data');
    if (data === undefined) return;
    this.events.push({ id: this.lastId, event: fields.get('event') ?? '', data: JSON.parse(data) });
  }
}

const say = (name: string, who = 'anna') =>
  server.done('POST', server.of('custom_events'), { events: [{ name, external_id: who }] });

describe('the live tail of the feed', () => {
  it('tells what happens from now on, as it happens, and what the pull API tells', async () => {
    await say('before');
    const tail = await Tail.open('kinds=*');
    await say('one');
    await until('it is told', () => tail.events.length === 1);
    await say('two');
    await until('it is told, too', () => tail.events.length === 2);
    expect(tail.names).toEqual(['one', 'two']);
    expect(tail.events[0]?.event).toBe('custom_event');
    const { events } = await server.done('GET', server.of('feed?kinds=custom_event'));
    expect(tail.events.map(({ data }) => data)).toEqual(events.slice(-2));
  });

  it('goes on behind Last-Event-ID, and begins at the start when it is told to', async () => {
    const first = await Tail.open('kinds=*');
    await say('heard');
    await until('it is heard', () => first.lastId !== '' && first.events.length === 1);
    first.leave();
    await say('missed');
    const again = await Tail.open('kinds=*&cursor=start', { 'last-event-id': first.lastId });
    await until('what was missed is told', () => again.events.length === 1);
    expect(again.names).toEqual(['missed']);
    const all = await Tail.open('kinds=*&cursor=start');
    await until('everything is told', () => all.names.includes('missed'));
    expect(all.names.slice(-2)).toEqual(['heard', 'missed']);
  });

  it('tells who comes into a journey and who leaves it', async () => {
    const { id } = await server.done('POST', server.of('journeys'), {
      name: 'Short',
      audience: { kind: 'event_trigger', name: 'begun' },
      nodes: [{ kind: 'exit' }],
    });
    await server.done('PATCH', server.of(`journeys/${id}`), { state: 'active' });
    const tail = await Tail.open('kinds=journey.*&external_id=anna');
    await say('begun', 'ben');
    await say('begun');
    await until('both are told', () => tail.events.length === 2);
    expect(tail.events.map(({ event }) => event)).toEqual(['journey.entered', 'journey.exited']);
    expect(tail.events[1]?.data.data?.step).toBe('completed');
    await server.done('DELETE', server.of(`journeys/${id}`));
  });

  it('tells what its filters let through', async () => {
    const ben = await Tail.open('kinds=custom_event&external_id=ben');
    const none = await Tail.open('kinds=message.push.*');
    await say('of anna');
    await say('of ben', 'ben');
    await until('ben is told of', () => ben.events.length === 1);
    expect(ben.names).toEqual(['of ben']);
    expect(none.events).toEqual([]);
  });

  it('is refused with a cursor or filters that it cannot have, and to more than twenty callers at a time', async () => {
    const refused = async (query: string) =>
      (await server.call('GET', server.of(`feed/live?${query}`))).status;
    expect(await refused('cursor=x')).toBe(400);
    expect(await refused('kinds=Nothing!')).toBe(400);
    expect(await refused('message_ids=1')).toBe(400);
    for (let n = open.length; n < 20; n += 1) await Tail.open('kinds=*');
    const { status, body } = await server.call('GET', server.of('feed/live'));
    expect([status, body.errors[0]]).toEqual([429, expect.stringMatching(/^At most 20 callers/)]);
    open.pop()?.leave();
    await until('there is room again', async () => {
      const tail = await Tail.open('').catch(() => null);
      return tail !== null;
    });
  });

  it('ends when the server does, without holding it up', async () => {
    const tail = await Tail.open('kinds=*');
    await say('last');
    await until('it is told', () => tail.events.length === 1);
    await server.restart(async () => {
      expect(tail.hasEnded).toBe(true);
    });
    const again = await Tail.open('kinds=*', { 'last-event-id': tail.lastId });
    await say('after');
    await until('it goes on', () => again.events.length === 1);
    expect(again.names).toEqual(['after']);
  });
});
