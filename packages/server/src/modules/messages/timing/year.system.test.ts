import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage } from './fixtures/stage.ts';
import type { Stage } from './fixtures/stage.ts';
import { nextTimeOfDay } from './zoned-time.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = '2026-01-01T00:00:00Z';
const ZONES = ['Europe/Amsterdam', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland', 'UTC'];
const MESSAGES = 40;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(START);
});
afterAll(() => stage.close());

/** The same year in every run. */
function randomSource(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % bound;
  };
}

test('a year of schedules, with restarts and leaps of the clock: each goes once, in its time', async () => {
  const random = randomSource(20_260_101);
  const begin = Date.parse(START);
  for (const zone of ZONES) await stage.addUser(zone, { timezone_id: zone });

  /** When each delivery is due, by message and user. */
  const due = new Map<string, number>();
  const accepting = stage.startProcess(undefined, { onlyAccepts: true });
  for (let n = 0; n < MESSAGES; n += 1) {
    const after = begin + random(360 * 24) * HOUR + random(60) * 60_000;
    const second = random(24 * 60) * 60;
    const time = `${Math.floor(second / 3_600)}:${String((second / 60) % 60).padStart(2, '0')}`;
    const isZoned = n % 2 === 0;
    const { answer } = await accepting.creator.create(
      stage.draft({
        included_segments: ['All'],
        send_after: new Date(after).toISOString(),
        ...(isZoned && { delayed_option: 'timezone', delivery_time_of_day: time }),
      }),
    );
    for (const zone of ZONES) {
      due.set(`${answer.id} ${zone}`, isZoned ? nextTimeOfDay(zone, second, after) : after);
    }
  }

  /** From when to when the clock went at a time: whatever is handed over was due in the last of these. */
  const steps: { readonly from: number; readonly to: number }[] = [];
  let { sender } = stage.startProcess();
  sender.start();
  while (stage.clock.now() < begin + 366 * DAY) {
    const from = stage.clock.now();
    const isAway = random(5) === 0;
    if (isAway) await sender.stop();
    await stage.clock.advance((1 + random(isAway ? 96 : 30)) * HOUR + random(HOUR));
    if (isAway) {
      ({ sender } = stage.startProcess());
      sender.start();
    }
    steps.push({ from, to: stage.clock.now() });
    sender.look();
    await stage.settle();
  }
  await sender.stop();

  expect(stage.handed).toHaveLength(due.size);
  expect(new Set(stage.handed.map(({ messageId, name }) => `${messageId} ${name}`))).toEqual(
    new Set(due.keys()),
  );
  for (const { messageId, name, at } of stage.handed) {
    const wanted = due.get(`${messageId} ${name}`) ?? 0;
    expect(at).toBeGreaterThanOrEqual(wanted);
    const step = steps.find(({ from, to }) => from < at && at <= to);
    expect(wanted).toBeGreaterThan(step?.from ?? Infinity);
  }
}, 180_000);
