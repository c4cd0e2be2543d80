import { until } from '@carillon/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noteFloors } from '../modules/feed/index.ts';
import type { Clock } from '../platform/clock.ts';
import { dropDaysBefore } from '../platform/database/retention.ts';
import { EventReceiver } from './fixtures/event-receiver.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

const DAY_MS = 86_400_000;

/** The machine's, some days later. */
let laterMs = 0;
const clock: Clock = {
  now: () => Date.now() + laterMs,
  at(at, fire) {
    const timer = setTimeout(fire, Math.min(Math.max(0, at - clock.now()), 60_000));
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

let server: MailingServer;
let receiver: EventReceiver;
let number = 0;
/** Of the pull API, before anything was dropped. */
let cursor: string;
/** Requests to the stream that rests: both of its first events may have been on their way at once. */
let toldBefore: number;

const of = (path = '') => server.of(`event_streams${path}`);
const view = (name: string) => server.done('GET', of(`/${name}`));
const told = (name: string) => receiver.at(`/${name}`).length;

function stream(name: string) {
  const filters = { kinds: ['message.email.sent'] };
  const url = `${receiver.url}/${name}`;
  return server.done('PUT', of(`/${name}`), { kind: 'webhook', url, filters, retry_schedule: [1, 1, 1] });
}

async function mail(count: number): Promise<void> {
  number += 1;
  const emails = Array.from({ length: count }, (_, n) => `${number}-${n}@example.com`);
  const { body } = await server.send({ email_to: emails });
  await server.ended(body.id);
}

beforeAll(async () => {
  receiver = await new EventReceiver().start();
  server = await MailingServer.start({ CARILLON_OUTBOUND_ALLOWED: '127.0.0.1' }, clock);
  for (const name of ['paused', 'resting', 'done']) await stream(name);
  receiver.answer = ({ path }) => (path === '/resting' ? [503, { 'retry-after': '86400' }] : [204]);
  await mail(2);
  cursor = (await server.done('GET', server.of('feed?limit=1'))).cursor;
  await until(
    'two have taken it',
    async () => (await view('paused')).delivered + (await view('done')).delivered === 4,
  );
  await until('the third rests', async () => (await view('resting')).resting_until !== null);
  await server.done('POST', of('/paused/pause'));
  await mail(3);
  // That a mailbox has them is told some time after they were sent, and is in the feed too.
  await until('all is in the feed', async () => {
    const { events } = await server.done('GET', server.of('feed?limit=100'));
    return events.length === 2 * 5;
  });
  await until('it is at the end', async () => (await view('done')).lag.events === 0);
  toldBefore = told('resting');
  await server.restart(async () => {
    laterMs = 3 * DAY_MS;
    await dropDaysBefore(server.test.database, 'feed', Date.now() + DAY_MS, noteFloors);
  });
  receiver.answer = () => [204];
});
afterAll(async () => {
  await server.stop();
  await receiver.stop();
});

describe('when days of the feed are dropped', () => {
  it('a stream that had not sent them yet is disabled, and says so', async () => {
    const disabled = await until('it is disabled', async () => {
      const now = await view('resting');
      return now.state === 'disabled' && now;
    });
    expect(disabled.reason).toBe('events that were not sent yet are no longer kept');
    expect(told('resting')).toBe(toldBefore);
  });

  it('a cursor before them is refused, and one behind them goes on', async () => {
    const { status } = await server.call('GET', server.of(`feed?cursor=${cursor}`));
    expect(status).toBe(410);
    expect((await server.call('GET', server.of(`feed/live?cursor=${cursor}`))).status).toBe(410);
    const { cursor: end } = await server.done('GET', server.of('feed?cursor=end'));
    expect(await server.done('GET', server.of(`feed?cursor=${end}`))).toMatchObject({
      events: [],
      has_more: false,
    });
  });

  it('a paused stream is not resumed in silence, and goes on behind them when it is told to', async () => {
    const answer = await server.call('POST', of('/paused/resume'), {});
    expect(answer.status).toBe(409);
    expect((await view('paused')).state).toBe('paused');
    const resumed = await server.done('POST', of('/paused/resume'), { skip_missing: true });
    expect(resumed).toMatchObject({ state: 'active', lag: { events: 0 } });
    const before = { paused: told('paused'), done: told('done') };
    await mail(2);
    await until('the new ones come', () => told('paused') === before.paused + 2);
    // One that had sent all of them was never disturbed.
    await until('and here', () => told('done') === before.done + 2);
    expect((await view('done')).state).toBe('active');
  });
});
