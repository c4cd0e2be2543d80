import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../platform/ids.ts';
import { definitionOf, ofSegments, send, wait } from '../run/fixtures/definitions.ts';
import { RunningJourneys } from '../run/fixtures/running-journeys.ts';
import { JourneyInsight } from './journey-insight.ts';

const NODE = (key: number) => `00000000-0000-4000-8000-${String(key).padStart(12, '0')}`;
const KEYED = { kind: 'event_trigger', name: 'start', attributes: [], runKey: 'cart' } as const;

let world: RunningJourneys;
let insight: JourneyInsight;

beforeAll(async () => {
  world = await RunningJourneys.start();
  const { clock, identity } = world;
  insight = new JourneyInsight({ database: world.test.database, clock, identity, hints: { give: () => {} } });
});
afterAll(() => world.end());

const start = async (name: string, properties: Record<string, string> = {}) => {
  await world.events.take(world.app, [{ name: 'start', external_id: name, properties }]);
  await world.work();
};

describe('where somebody is and why', () => {
  it('is told for each journey, with every step, and with what kept them out', async () => {
    const ann = await world.user('ann');
    const inside = await world.journey(definitionOf([send(1), wait(2)], { audience: KEYED }));
    const segment = newId();
    const closed = await world.journey(
      definitionOf([wait(1)], { audience: ofSegments([segment], [segment]) }),
    );
    await start('ann', { cart: 'A' });
    await world.putInto(ann, [segment]);
    await world.work();

    const { journeys } = await insight.ofUser(world.app, 'external_id', 'ann');
    expect(journeys.find((one) => one.journey_id === inside.id)).toMatchObject({
      name: 'Journey',
      state: 'active',
      runs: [{ run_key: 'A', node_id: NODE(2), onesignal_id: ann, held_out: false }],
    });
    expect(journeys.find((one) => one.journey_id === closed.id)).toMatchObject({
      runs: [],
      not_entered: { reason: 'in an excluded segment' },
    });
    const trace = await insight.traceOfUser(world.app, 'onesignal_id', ann.toUpperCase(), inside.id);
    expect(trace).toMatchObject({
      runs: [
        {
          inside: true,
          run_key: 'A',
          node_id: NODE(2),
          steps: [
            { step: 'entered', node_id: null, reason: 'event start' },
            { step: 'sent', node_id: NODE(1), message_id: expect.any(String) },
          ],
        },
      ],
      not_entered: null,
    });
    await expect(insight.ofUser(world.app, 'external_id', 'nobody')).rejects.toThrow('nobody');
    await expect(insight.ofUser(newId(), 'onesignal_id', ann)).rejects.toThrow(ann);
    expect(await insight.traceOfUser(world.app, 'external_id', 'ann', newId())).toMatchObject({ runs: [] });
  });

  it('is listed for a journey and for one of its nodes, page by page', async () => {
    const journey = await world.journey(definitionOf([wait(1), wait(2)]));
    for (const name of ['p1', 'p2', 'p3']) {
      await world.user(name);
      await start(name);
    }
    const first = await insight.runs(world.app, journey.id, { limit: 2 });
    expect(first).toMatchObject({ has_more: true, runs: [{ node_id: NODE(1) }, { node_id: NODE(1) }] });
    const rest = await insight.runs(world.app, journey.id, { limit: 2, cursor: first.next_cursor ?? '' });
    expect(rest.has_more).toBe(false);
    const users = [...first.runs, ...rest.runs].map((run) => run.onesignal_id);
    expect(new Set(users).size).toBe(3);
    expect(await insight.runs(world.app, journey.id, { limit: 2, node_id: NODE(2) })).toMatchObject({
      runs: [],
    });
    await expect(insight.runs(world.app, journey.id, { limit: 2, node_id: newId() })).rejects.toThrow(
      'node_id',
    );
    await expect(insight.runs(world.app, journey.id, { limit: 2, cursor: 'x' })).rejects.toThrow('cursor');
    await expect(insight.runs(newId(), journey.id, { limit: 2 })).rejects.toThrow('Journey not found');
  });

  it('ends for one key or for all when somebody cancels it', async () => {
    await world.user('carl');
    const journey = await world.journey(definitionOf([wait(1)], { audience: KEYED }));
    for (const cart of ['A', 'B', 'C']) await start('carl', { cart });
    expect(await insight.cancel(world.app, 'external_id', 'carl', journey.id, 'A')).toBe(1);
    await world.work();
    expect(await insight.cancel(world.app, 'external_id', 'carl', journey.id, null)).toBe(2);
    await world.work();
    const { runs } = await insight.traceOfUser(world.app, 'external_id', 'carl', journey.id);
    expect(runs.map((run) => [run.inside, run.steps.at(-1)?.reason])).toEqual([
      [false, 'cancelled'],
      [false, 'cancelled'],
      [false, 'cancelled'],
    ]);
    expect(await insight.stats(world.app, journey.id)).toMatchObject({
      started: 3,
      stopped: 3,
      in_progress: 0,
    });
  });
});

describe('numbers of a journey', () => {
  it('say how many are where, and what became of its messages', async () => {
    await world.user('dora');
    const journey = await world.journey(
      definitionOf([send(1), send(2, 'send_sms'), wait(3), send(4, 'send_push')], { holdOutPercent: 0 }),
    );
    await start('dora');
    await world.rows(
      `update message_chunks set sent = 1 where message_id in (select id from messages where request ->> 'journey_id' = $1)`,
      [journey.id],
    );
    expect(await insight.stats(world.app, journey.id)).toMatchObject({
      id: journey.id,
      started: 1,
      completed: 0,
      in_progress: 1,
      nodes: {
        [NODE(1)]: { kind: 'send_email', completed: 1, message_stats: { totals: { sent: 1, failed: 0 } } },
        [NODE(2)]: { kind: 'send_sms', completed: 1, skipped: 1, message_stats: { totals: {} } },
        [NODE(3)]: { kind: 'wait', waiting: 1, completed: 0 },
      },
    });
    await world.clock.advance(60_000);
    await world.work();
    expect(await insight.stats(world.app, journey.id)).toMatchObject({
      completed: 1,
      in_progress: 0,
      nodes: { [NODE(3)]: { waiting: 0, completed: 1 }, [NODE(4)]: { completed: 1 } },
    });
    await expect(insight.stats(newId(), journey.id)).rejects.toThrow('Journey not found');
  });
});
