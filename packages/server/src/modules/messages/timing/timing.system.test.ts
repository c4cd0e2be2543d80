import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AT_ANY_TIME } from '../../accounts/index.ts';
import type { SendingPolicy } from '../../accounts/index.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { cancelMessage } from '../message-store.ts';
import type { Sender } from '../send/sender.ts';
import { MessageViews } from '../view/message-views.ts';
import { readStates } from './fixtures/open-chunks-store.ts';
import { openStage } from './fixtures/stage.ts';
import type { Stage } from './fixtures/stage.ts';
import { pauseMessage, resumeMessage } from './pause-store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let stage: Stage;
const open: Sender[] = [];

beforeEach(async () => {
  stage = await openStage('2026-11-01T12:00:00Z');
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((sender) => sender.stop()));
  await stage.close();
});

function startProcess(policy?: SendingPolicy, more = {}) {
  const process = stage.startProcess(policy, more);
  open.push(process.sender);
  process.sender.start();
  return process;
}

/** Moves the clock on in steps, each only when everything due has been handed over. */
async function pass(ms: number, step = HOUR): Promise<void> {
  for (let gone = 0; gone < ms; gone += step) {
    await stage.clock.advance(Math.min(step, ms - gone));
    for (const sender of open) sender.look();
    await stage.settle();
  }
}

const names = (count: number) =>
  Array.from({ length: count }, (_, n) => `user-${String(n).padStart(3, '0')}`);
const addAll = (all: readonly string[]) => Promise.all(all.map((name) => stage.addUser(name)));
const everyone = { included_segments: ['All'] };
const toAll = (all: readonly string[]) => ({ include_aliases: { external_id: all } });
const hourOf = (name: string) =>
  new Date(stage.handed.find((one) => one.name === name)?.at ?? 0).toISOString().slice(0, 16);

describe('a message at a time of its own for each', () => {
  test.each([everyone, toAll(['amsterdam', 'auckland', 'new-york', 'nowhere'])])(
    'comes when clocks there show it: %j',
    async (targets) => {
      const { creator } = startProcess({ ...AT_ANY_TIME, timeZone: 'Asia/Tokyo' });
      await stage.addUser('amsterdam', { timezone_id: 'Europe/Amsterdam' });
      await stage.addUser('auckland', { timezone_id: 'Pacific/Auckland' });
      await stage.addUser('new-york', { timezone_id: 'America/New_York' });
      await stage.addUser('nowhere');
      const { answer } = await creator.create(
        stage.draft({ ...targets, delayed_option: 'timezone', delivery_time_of_day: '9:00AM' }),
      );
      await pass(26 * HOUR);
      expect(hourOf('auckland')).toBe('2026-11-01T20:00');
      expect(hourOf('nowhere')).toBe('2026-11-02T00:00');
      expect(hourOf('amsterdam')).toBe('2026-11-02T08:00');
      expect(hourOf('new-york')).toBe('2026-11-01T14:00');
      const view = await new MessageViews(stage.database, async () => []).one(stage.appId, answer.id);
      expect(view).toMatchObject({ successful: 4, remaining: 0, delayed_option: 'timezone' });
      expect(stage.handed).toHaveLength(4);
    },
  );

  test('comes at the hour of the last activity, as it was when that hour came', async () => {
    const { creator } = startProcess();
    await stage.addUser('noon');
    await stage.clock.advance(3 * HOUR);
    await stage.addUser('three');
    await stage.clock.advance(HOUR);
    await creator.create(stage.draft({ ...everyone, delayed_option: 'last-active' }));
    await pass(24 * HOUR);
    expect(hourOf('noon')).toBe('2026-11-02T12:00');
    expect(hourOf('three')).toBe('2026-11-02T15:00');
  });
});

describe('quiet hours', () => {
  const policy = { ...AT_ANY_TIME, quietHours: { from: '22:00', to: '08:00', channels: ['email'] } } as const;

  test('hold back whoever sleeps, and nobody else, and no message that goes past them', async () => {
    const { creator } = startProcess(policy);
    await stage.addUser('awake', { timezone_id: 'Europe/Amsterdam' });
    await stage.addUser('asleep', { timezone_id: 'Pacific/Auckland' });
    const both = toAll(['awake', 'asleep']);
    const { answer } = await creator.create(stage.draft(both));
    await stage.settle();
    expect(stage.handed.map(({ name }) => name)).toEqual(['awake']);
    await creator.create(stage.draft({ ...both, ignore_quiet_hours: true }));
    await stage.settle();
    expect(stage.handed).toHaveLength(3);
    // 01:00 in Auckland: seven hours to go.
    await pass(6 * HOUR + 59 * MINUTE, MINUTE * 59);
    expect(stage.handed.filter(({ messageId }) => messageId === answer.id)).toHaveLength(1);
    await pass(MINUTE);
    expect(stage.handed.filter(({ messageId }) => messageId === answer.id)).toHaveLength(2);
  });
});

async function counts(id: string): Promise<Record<string, number>> {
  const states = await readStates(stage.database, id);
  const of = (wanted: string) => states.filter(({ state }) => state === wanted).length;
  return { sent: of('sent'), capped: of('capped') };
}

describe('a frequency cap', () => {
  const policy: SendingPolicy = {
    ...AT_ANY_TIME,
    frequencyCap: { messages: 2, minutes: 60, channels: ['email'] },
  };
  test('lets so many through in any window, drops what is above, and says why', async () => {
    const { creator } = startProcess(policy);
    const all = names(20);
    await addAll(all);
    const send = async (more = {}) => {
      const { answer } = await creator.create(stage.draft({ ...toAll(all), ...more }));
      await stage.settle();
      return answer.id;
    };
    expect(await counts(await send())).toEqual({ sent: 20, capped: 0 });
    await stage.clock.advance(30 * MINUTE);
    expect(await counts(await send())).toEqual({ sent: 20, capped: 0 });
    const third = await send();
    expect(await counts(third)).toEqual({ sent: 0, capped: 20 });
    const [first] = await readStates(stage.database, third);
    expect(first?.reason).toBe('the user had 2 messages within 60 minutes');
    // The first falls out of the window: one may go, and then the second still counts.
    await stage.clock.advance(30 * MINUTE);
    expect(await counts(await send())).toEqual({ sent: 20, capped: 0 });
    expect(await counts(await send())).toEqual({ sent: 0, capped: 20 });
    expect(await counts(await send({ enable_frequency_cap: false }))).toEqual({ sent: 20, capped: 0 });
    // What went beyond it counts.
    await stage.clock.advance(30 * MINUTE + 1);
    expect(await counts(await send())).toEqual({ sent: 0, capped: 20 });
  });

  test('holds whoever is written to by several processes at once', async () => {
    const creators = [1, 2, 3].map(() => startProcess(policy, { pageSize: 7 }).creator);
    const all = names(30);
    await addAll(all);
    const answers = await Promise.all(
      [...creators, ...creators].map((creator) => creator.create(stage.draft(everyone))),
    );
    await stage.settle();
    const totals = await Promise.all(answers.map(({ answer }) => counts(answer.id)));
    expect(totals.reduce((sum, { sent = 0 }) => sum + sent, 0)).toBe(60);
    expect(totals.reduce((sum, { capped = 0 }) => sum + capped, 0)).toBe(120);
    for (const name of all) expect(stage.handed.filter((one) => one.name === name)).toHaveLength(2);
  });
});

describe('a time to live', () => {
  test('ends what could not be handed over in it, with a reason for each', async () => {
    const { creator } = startProcess(undefined, { onlyAccepts: true });
    await addAll(['ann', 'ben']);
    const soon = await creator.create(
      stage.draft({ ...toAll(['ann', 'ben']), ttl: 3_600, send_after: '2026-11-01T13:00:00Z' }),
    );
    await open[0]?.stop();
    await stage.clock.advance(2 * HOUR);
    startProcess();
    await stage.settle();
    expect(stage.handed).toEqual([]);
    expect(await readStates(stage.database, soon.answer.id)).toEqual(
      ['ann', 'ben'].map((name) => ({ name, state: 'expired', reason: 'its time to live was over' })),
    );
  });

  test('that is over before a turn comes is told at once', async () => {
    const { creator } = startProcess();
    await stage.addUser('auckland', { timezone_id: 'Pacific/Auckland' });
    const { answer } = await creator.create(
      stage.draft({
        ...everyone,
        delayed_option: 'timezone',
        delivery_time_of_day: '21:45',
        expires_at: '2026-11-01T14:00:00Z',
      }),
    );
    await stage.settle();
    const [one] = await readStates(stage.database, answer.id);
    expect(one).toMatchObject({ state: 'expired' });
    expect(one?.reason).toBe('its time to live ends before its turn: waits for 21:45 in Pacific/Auckland');
  });
});

describe('a throttled message', () => {
  test.each([everyone, toAll(names(150))])(
    'goes at its rate, evenly, and to everybody: %#',
    async (targets) => {
      startProcess();
      const { creator } = startProcess();
      const all = names(150);
      await addAll(all);
      await creator.create(stage.draft({ ...targets, throttle_rate_per_minute: 30 }));
      await stage.settle();
      for (let minute = 1; minute <= 5; minute += 1) {
        await pass(MINUTE, 1_000);
        // A page is two seconds at most: one recipient.
        expect(stage.handed.length).toBeGreaterThanOrEqual(30 * minute);
        expect(stage.handed.length).toBeLessThanOrEqual(30 * minute + 1);
      }
      expect(new Set(stage.handed.map(({ name }) => name)).size).toBe(150);
    },
  );

  test('of an app that has a rate goes at that, unless it says otherwise', async () => {
    const { creator } = startProcess({ ...AT_ANY_TIME, perMinute: 60 });
    await addAll(names(40));
    const all = await creator.create(stage.draft({ ...everyone, throttle_rate_per_minute: '0' }));
    await stage.settle();
    expect(stage.handed.filter(({ messageId }) => messageId === all.answer.id)).toHaveLength(40);
    const slow = await creator.create(stage.draft(everyone));
    await stage.settle();
    await pass(10_000, 1_000);
    const gone = stage.handed.filter(({ messageId }) => messageId === slow.answer.id).length;
    expect(gone).toBeGreaterThanOrEqual(10);
    expect(gone).toBeLessThanOrEqual(12);
  });
});

describe('a message that is paused', () => {
  const slow = { ...everyone, throttle_rate_per_minute: 60 };

  test('stops between two pages and goes on where it stopped', async () => {
    const { creator } = startProcess();
    await addAll(names(40));
    const { answer } = await creator.create(stage.draft(slow));
    await stage.settle();
    await pass(10_000, 1_000);
    expect(await pauseMessage(stage.database, stage.appId, answer.id, stage.clock.now())).toBe('changed');
    expect(await pauseMessage(stage.database, stage.appId, answer.id, stage.clock.now())).toBe('same');
    await stage.settle();
    const before = stage.handed.length;
    await pass(10 * MINUTE, 30_000);
    expect(stage.handed).toHaveLength(before);
    const views = new MessageViews(stage.database, async () => []);
    expect(await views.one(stage.appId, answer.id)).toMatchObject({ paused: true, successful: before });
    expect(await resumeMessage(stage.database, stage.appId, answer.id)).toBe('changed');
    await pass(MINUTE, 1_000);
    expect(stage.handed).toHaveLength(40);
    expect(new Set(stage.handed.map(({ name }) => name)).size).toBe(40);
    expect(await pauseMessage(stage.database, stage.appId, answer.id, stage.clock.now())).toBe('over');
  });

  test('can be cancelled all the same', async () => {
    const { creator } = startProcess();
    await addAll(names(40));
    const { answer } = await creator.create(stage.draft({ ...everyone, send_after: '2026-11-01T13:00:00Z' }));
    await pauseMessage(stage.database, stage.appId, answer.id, stage.clock.now());
    await pass(2 * HOUR);
    expect(stage.handed).toEqual([]);
    await cancelMessage(stage.database, stage.appId, answer.id, stage.clock.now());
    await pass(MINUTE);
    const states = await readStates(stage.database, answer.id);
    expect(states.map(({ state }) => state)).toEqual([]);
    const view = await new MessageViews(stage.database, async () => []).one(stage.appId, answer.id);
    expect(view).toMatchObject({ canceled: true, paused: false, remaining: 0, successful: 0 });
    expect(await pauseMessage(stage.database, stage.appId, answer.id, stage.clock.now())).toBe('over');
  });

  test('of another app, or of none, is not found', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    expect(await pauseMessage(stage.database, stage.appId, id, 0)).toBe('not-found');
    const { creator } = startProcess();
    await stage.addUser('ann');
    const { answer } = await creator.create(stage.draft({ ...everyone, send_after: '2026-12-01T13:00:00Z' }));
    expect(await pauseMessage(stage.database, id, answer.id, 0)).toBe('not-found');
    expect(await resumeMessage(stage.database, id, answer.id)).toBe('not-found');
  });
});

test.each([
  [{ delayed_option: 'sometime' }, 'delayed_option must be timezone, last-active or immediate'],
  [
    { delayed_option: 'timezone', delivery_time_of_day: 'noon' },
    'delivery_time_of_day must be a time of day',
  ],
  [{ delivery_time_of_day: '9:00AM' }, 'delivery_time_of_day needs delayed_option'],
  [
    { delayed_option: 'timezone', throttle_rate_per_minute: 5 },
    'throttle_rate_per_minute cannot be combined',
  ],
  [{ throttle_rate_per_minute: -1 }, 'throttle_rate_per_minute must be a whole number'],
  [{ throttle_rate_per_minute: 'fast' }, 'throttle_rate_per_minute must be a whole number'],
  [{ expires_at: '2026-10-01T00:00:00Z' }, 'expires_at must be after send_after'],
  [{ expires_at: 'tomorrow-ish' }, 'expires_at must be a time such as'],
])('%j is refused by name, and nothing is kept', async (body, sentence) => {
  const { creator } = startProcess();
  await stage.addUser('ann');
  const attempt = creator.create(stage.draft({ ...everyone, ...body }));
  await expect(attempt).rejects.toSatisfy(
    (error) => error instanceof ApiError && error.message.includes(sentence),
  );
});
