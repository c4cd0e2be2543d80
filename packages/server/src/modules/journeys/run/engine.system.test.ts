import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { laneOf, newId } from '../../../platform/ids.ts';
import {
  HOOK,
  NO_EXIT,
  branch,
  definitionOf,
  eventTest,
  ofSegments,
  send,
  tag,
  wait,
  waitUntil,
  webhook,
  yesNo,
} from './fixtures/definitions.ts';
import { RunningJourneys } from './fixtures/running-journeys.ts';

const MINUTE = 60_000;
const SEGMENT = newId();
const OTHER = newId();
const EVENT = { kind: 'event_trigger', name: 'start', attributes: [], runKey: null } as const;

let world: RunningJourneys;
let anna: string;
let people = 0;
let name = '';

beforeAll(async () => {
  world = await RunningJourneys.start();
});
afterAll(() => world.end());
beforeEach(async () => {
  await world.rows('delete from journeys');
  await world.rows('update journey_version set version = version + 1');
  await world.work();
  people += 1;
  name = `anna-${people}`;
  anna = await world.user(name);
  world.members.clear();
});

const happen = async (event: string, properties: Record<string, string | number> = {}) => {
  await world.events.take(world.app, [{ name: event, external_id: name, properties }]);
  await world.work();
};
const pass = async (ms: number) => {
  await world.clock.advance(ms);
  await world.work();
};
const on = (event: string) => ({ kind: 'event_trigger', event: eventTest(event) }) as const;
const runs = () => world.rows('select * from journey_runs where user_id = $1', [anna]);
const messages = () =>
  world.rows<{ channel: string; targets: string[]; custom_data: unknown }>(
    `select m.channel, c.targets, m.custom_data from messages m join message_chunks c on c.message_id = m.id
     join journey_trace t on t.message_id = m.id where t.user_id = $1 order by t.at, t.rev`,
    [anna],
  );

describe('a run', () => {
  it('sends on each channel that its user has, waits, and ends', async () => {
    await world.journey(definitionOf([send(1), send(2, 'send_push'), send(3, 'send_sms'), wait(4), send(5)]));
    await happen('start', { plan: 'pro' });
    await pass(MINUTE - 1);
    expect(await runs()).toHaveLength(1);
    await pass(1);
    expect(await world.trace(anna)).toEqual([
      'entered (event start)',
      'sent 1',
      'sent 2',
      'skipped 3 (no reachable sms subscription)',
      'waited 4',
      'sent 5',
      'completed',
    ]);
    expect(await runs()).toEqual([]);
    const made = await messages();
    expect(made.map(({ channel }) => channel)).toEqual(['email', 'push', 'email']);
    expect(made[2]).toMatchObject({
      custom_data: { journey: { name: 'Journey', events: [{ name: 'start', properties: { plan: 'pro' } }] } },
    });
  });

  it('tells in its messages of the event that ended its wait, also when it ends with them', async () => {
    const paid = { kind: 'event_trigger', event: eventTest('paid') } as const;
    await world.journey(definitionOf([waitUntil(1, [[paid, branch(2, [send(3)])]])]));
    await happen('start');
    await happen('paid', { total: 5 });
    expect(await messages()).toMatchObject([
      {
        custom_data: { journey: { events: [{ name: 'start' }, { name: 'paid', properties: { total: 5 } }] } },
      },
    ]);
  });

  it('takes several events of one batch in their order', async () => {
    await world.journey(
      definitionOf([waitUntil(1, [[on('a'), branch(2)]]), waitUntil(3, [[on('b'), branch(4)]]), send(5)]),
    );
    await world.events.take(
      world.app,
      ['b', 'start', 'b', 'a', 'b', 'a'].map((event) => ({ name: event, external_id: name })),
    );
    await world.work();
    expect(await world.trace(anna)).toEqual([
      'entered (event start)',
      'branched 1 > 2 (event)',
      'branched 3 > 4 (event)',
      'sent 5',
      'completed',
    ]);
    expect(await world.rows('select from lane_inbox')).toEqual([]);
  });

  it('is one for each key, and the others are told why they are not', async () => {
    await world.journey(
      definitionOf(
        [
          waitUntil(1, [
            [
              {
                kind: 'event_trigger',
                event: eventTest('paid', { matchEntry: [{ entryKey: 'cart', eventKey: 'cart' }] }),
              },
              branch(2),
            ],
          ]),
        ],
        {
          audience: { ...EVENT, runKey: 'cart' },
        },
      ),
    );
    await happen('start', { cart: 'A' });
    await happen('start', { cart: 'A' });
    await happen('start', { cart: 'B' });
    await happen('start');
    expect(await runs()).toHaveLength(2);
    expect(await world.rows('select reason from journey_refusals where user_id = $1', [anna])).toEqual([
      { reason: 'no run key in the event' },
    ]);
    await happen('paid', { cart: 'A' });
    await happen('start', { cart: 'A' });
    expect(new Set((await runs()).map((run) => run['run_key']))).toEqual(new Set(['A', 'B']));
  });

  it('is ended by whoever cancels it, by key, without exit tags', async () => {
    const journey = await world.journey(
      definitionOf([wait(1)], {
        audience: { ...EVENT, runKey: 'cart' },
        earlyExit: { ...NO_EXIT, tags: { left: 'x' } },
      }),
    );
    await happen('start', { cart: 'A' });
    await happen('start', { cart: 'B' });
    await world.tell(anna, 'journey_cancel', { journeyId: journey.id, runKey: 'A' });
    await world.work();
    expect((await runs()).map((run) => run['run_key'])).toEqual(['B']);
    expect(await world.trace(anna)).toContain('stopped 1 (cancelled)');
  });

  it('writes tags in its commit, and the next node reads them', async () => {
    await world.journey(definitionOf([tag(1, { plan: 'pro', old: '' }), tag(2, { plan: 'max' }), wait(3)]));
    await world.identity.users.upsert(
      world.app,
      { identity: { external_id: name }, properties: { tags: { old: '1', kept: '1' } } },
      { way: 'system', keyId: null },
    );
    await happen('start');
    expect((await world.rows('select tags from users where id = $1', [anna]))[0]).toEqual({
      tags: { plan: 'max', kept: '1' },
    });
    world.tagLimit = 1;
    await happen('start');
    world.tagLimit = 100;
    expect((await world.trace(anna)).filter((line) => line.startsWith('skipped'))).toEqual([]);
  });

  it('calls webhooks with its events', async () => {
    await world.journey(definitionOf([webhook(1)]));
    await happen('start', { total: 5 });
    expect(await world.trace(anna)).toEqual(['entered (event start)', 'called 1', 'completed']);
    expect(await world.rows('select * from webhook_calls where user_id = $1', [anna])).toMatchObject([
      {
        webhook_id: HOOK,
        origin: { node_id: '00000000-0000-4000-8000-000000000001' },
        context: { journey: { name: 'Journey', events: [{ name: 'start', properties: { total: 5 } }] } },
      },
    ]);
  });

  it('is moved by what its user does with its messages', async () => {
    const clicked = { kind: 'on_notification_action', action: 'clicked', sendingNodeKey: 1 } as const;
    const opened = { kind: 'on_notification_action', action: 'opened', sendingNodeKey: 1 } as const;
    const journey = await world.journey(
      definitionOf([send(1), waitUntil(2, [[clicked, branch(3)]]), yesNo(4, opened, branch(5), branch(6))]),
    );
    await happen('start');
    const [run] = await runs();
    const sent = await world.rows<{ message_id: string }>(
      'select message_id from journey_trace where run_id = $1 and step = $2',
      [run?.['id'], 'sent'],
    );
    const messageId = sent[0]?.message_id ?? '';
    world.actions.set(messageId, new Set(['delivered', 'clicked']));
    const nodeId = '00000000-0000-4000-8000-000000000001';
    const told = { messageId, journeyId: journey.id, runId: run?.['id'], nodeId };
    await world.tell(anna, 'message_event', { ...told, action: 'opened' });
    await world.work();
    expect(await runs()).toHaveLength(1);
    await world.tell(anna, 'message_event', { ...told, action: 'clicked' });
    await world.work();
    expect((await world.trace(anna)).slice(2)).toEqual([
      'branched 2 > 3 (message)',
      'branched 4 > 5 (message)',
      'completed',
    ]);
  });
});

describe('a journey that changes while people are inside', () => {
  it('keeps them in their places while it is paused, and moves them when it goes on', async () => {
    const paid = { kind: 'event_trigger', event: eventTest('paid') } as const;
    const journey = await world.journey(definitionOf([wait(1), waitUntil(2, [[paid, branch(3)]]), send(4)]));
    await happen('start');
    const paused = await world.change(journey, { state: 'paused' });
    await pass(MINUTE);
    expect(await runs()).toMatchObject([{ node: 1, parked: true }]);
    const { done, nextDueAt } = await world.worker.work(world.owned, world.clock.now());
    expect({ done, nextDueAt }).toEqual({ done: 0, nextDueAt: null });
    await happen('start');
    expect(await world.rows('select reason from journey_refusals where user_id = $1', [anna])).toEqual([
      { reason: 'journey paused' },
    ]);
    const active = await world.change(paused, { state: 'active' });
    await world.work();
    expect(await runs()).toMatchObject([{ node: 2, parked: false }]);
    await world.change(active, { state: 'paused' });
    await happen('paid');
    expect((await world.trace(anna)).at(-1)).toBe('noted 2 (event)');
    const again = (
      await world.rows<{ revision: number }>('select revision from journeys where id = $1', [journey.id])
    )[0];
    await world.change({ ...active, revision: again?.revision ?? 0 }, { state: 'active' });
    await world.work();
    expect((await world.trace(anna)).slice(-3)).toEqual(['branched 2 > 3 (event)', 'sent 4', 'completed']);
  });

  it('lets them go on where a removed node leads to, also those who wait for ever', async () => {
    const never = { kind: 'event_trigger', event: eventTest('never') } as const;
    const journey = await world.journey(definitionOf([waitUntil(1, [[never, branch(2)]]), send(3)]));
    await happen('start');
    await world.change(journey, { version: 2, definition: definitionOf([send(3)], { forwards: { 1: 3 } }) });
    await world.work();
    expect(await world.trace(anna)).toEqual([
      'entered (event start)',
      'forwarded 1 (node removed)',
      'sent 3',
      'completed',
    ]);
  });

  it('stops them when it is archived or deleted, also those who wait for ever', async () => {
    const never = { kind: 'event_trigger', event: eventTest('never') } as const;
    const rules = { earlyExit: { ...NO_EXIT, tags: { left: 'x' } } };
    const journey = await world.journey(definitionOf([waitUntil(1, [[never, branch(2)]])], rules));
    await happen('start');
    await world.change(journey, { state: 'archived' });
    await world.work();
    expect((await world.trace(anna)).at(-1)).toBe('stopped 1 (journey ended)');
    expect(await runs()).toEqual([]);
    const second = await world.journey(definitionOf([waitUntil(1, [[never, branch(2)]])], rules));
    await happen('start');
    await world.remove(second);
    await world.work();
    expect(await runs()).toEqual([]);
    expect((await world.rows('select tags from users where id = $1', [anna]))[0]).toEqual({ tags: {} });
  });
});

describe('an audience of segments', () => {
  const definition = definitionOf([wait(1), send(2)], {
    audience: ofSegments([SEGMENT], [OTHER]),
    reentrySeconds: 600,
  });

  it('lets somebody in once at a time, and again so long after the exit', async () => {
    await world.journey(definition);
    await world.putInto(anna, [SEGMENT]);
    await world.work();
    await world.putInto(anna, []);
    await world.putInto(anna, [SEGMENT]);
    await world.work();
    expect(await runs()).toHaveLength(1);
    await pass(MINUTE);
    expect(await runs()).toEqual([]);
    await pass(10 * MINUTE - 1);
    expect(await runs()).toEqual([]);
    await pass(1);
    expect(await runs()).toHaveLength(1);
    expect((await world.trace(anna)).filter((line) => line.startsWith('entered'))).toEqual([
      'entered (segment)',
      'entered (re-entry)',
    ]);
  });

  it('lets nobody in again by itself who is not in it then, but when they come', async () => {
    await world.journey(definition);
    await world.putInto(anna, [SEGMENT]);
    await world.work();
    await pass(MINUTE);
    await world.putInto(anna, []);
    await world.work();
    await world.putInto(anna, [SEGMENT]);
    await world.work();
    expect(await world.rows('select reason from journey_refusals where user_id = $1', [anna])).toEqual([
      { reason: 'was inside, and may not come in again yet' },
    ]);
    await world.putInto(anna, []);
    await pass(10 * MINUTE);
    expect(await runs()).toEqual([]);
    await world.putInto(anna, [SEGMENT]);
    await world.work();
    expect(await runs()).toHaveLength(1);
  });

  it('keeps out who is in an excluded segment, until they leave it', async () => {
    await world.journey({ ...definition, reentrySeconds: null });
    await world.putInto(anna, [SEGMENT, OTHER]);
    await world.work();
    expect(await runs()).toEqual([]);
    expect(await world.rows('select reason from journey_refusals where user_id = $1', [anna])).toEqual([
      { reason: 'in an excluded segment' },
    ]);
    await world.putInto(anna, [SEGMENT]);
    await world.work();
    expect(await runs()).toHaveLength(1);
    await pass(MINUTE);
    await world.putInto(anna, []);
    await world.putInto(anna, [SEGMENT]);
    await world.work();
    expect(await runs()).toEqual([]);
  });

  it('ends the way of who leaves it, with the tags of the exit', async () => {
    const rules = { ...NO_EXIT, whenNotInAudience: true, tags: { left: 'yes' } };
    await world.journey({ ...definition, earlyExit: rules });
    await world.putInto(anna, [SEGMENT]);
    await world.work();
    await world.putInto(anna, []);
    await world.work();
    expect((await world.trace(anna)).at(-1)).toBe('exited early 1 (not in audience)');
    expect((await world.rows('select tags from users where id = $1', [anna]))[0]).toEqual({
      tags: { left: 'yes' },
    });
  });

  it('of a paused journey lets in who is still there when it goes on', async () => {
    const paused = await world.journey(definition, 'paused');
    await world.putInto(anna, [SEGMENT]);
    await world.work();
    expect(await runs()).toEqual([]);
    await world.change(paused, { state: 'active' });
    await world.work();
    expect(await world.trace(anna)).toEqual(['entered (re-entry)']);
  });

  it('lets in at the launch who is in it, and makes the journey active then', async () => {
    world.members.set(SEGMENT, new Set([anna]));
    const journey = await world.journey(definition, 'processing');
    await world.work();
    expect(await world.trace(anna)).toEqual(['entered (launch)']);
    expect(await world.rows('select state from journeys where id = $1', [journey.id])).toEqual([
      { state: 'active' },
    ]);
  });

  it('of future additions only never lets in who was there at the launch', async () => {
    world.members.set(SEGMENT, new Set([anna]));
    await world.journey(
      { ...definition, audience: { ...ofSegments([SEGMENT], [OTHER]), futureAdditionsOnly: true } },
      'processing',
    );
    await world.work();
    await world.putInto(anna, []);
    await world.putInto(anna, [SEGMENT]);
    await world.work();
    expect(await world.trace(anna)).toEqual([]);
    expect(await world.rows('select reason from journey_refusals where user_id = $1', [anna])).toEqual([
      { reason: 'was in the segments at the launch' },
    ]);
  });
});

describe('counts', () => {
  it('add up: who is waiting where, who came through, who left and why', async () => {
    const journey = await world.journey(
      definitionOf([wait(1), send(2), wait(3)], {
        earlyExit: { ...NO_EXIT, onSession: true },
        goal: { event: eventTest('paid'), withinSeconds: 3_600 },
      }),
    );
    const read = async () => {
      const counted = await world.rows<{ key: number; name: string; count: string }>(
        'select key, name, sum(count)::int as count from journey_counts where journey_id = $1 group by 1, 2 having sum(count) <> 0 order by 1, 2',
        [journey.id],
      );
      return Object.fromEntries(counted.map(({ key, name, count }) => [`${key} ${name}`, count]));
    };
    await happen('start');
    await happen('start');
    expect(await read()).toEqual({ '0 entered': 2, '1 waiting': 2 });
    await pass(MINUTE);
    expect(await read()).toEqual({ '0 entered': 2, '1 waited': 2, '2 sent': 2, '3 waiting': 2 });
    await world.tell(anna, 'session', {});
    await world.work();
    await happen('paid');
    expect(await read()).toEqual({
      '0 entered': 2,
      '0 goal': 2,
      '1 waited': 2,
      '2 sent': 2,
      '3 exited early': 2,
    });
  });
});

describe('a user who is erased', () => {
  it('enters no journey by an event that was read already, and is moved by no step', async () => {
    await world.journey(definitionOf([wait(1), send(2)]));
    await happen('start');
    await world.events.take(world.app, [{ name: 'start', external_id: name }]);
    await world.clock.advance(MINUTE);
    const before = await world.trace(anna);
    // Between the reading of the batch and its writing.
    const erase = async () => {
      await world.rows('delete from lane_inbox where user_id = $1', [anna]);
      await world.rows('delete from journey_runs where user_id = $1', [anna]);
    };
    const worker = world.workerOver({
      run: (...asked) => world.laneDatabase.run(...asked),
      transaction: (work) => world.laneDatabase.transaction(work),
      rows: async (statement, values) => {
        if (statement.name === 'journeys.move') await erase();
        return world.laneDatabase.rows(statement, values);
      },
    });
    await worker.work(world.owned, world.clock.now());
    expect(await world.trace(anna)).toEqual(before);
    expect(await runs()).toEqual([]);
  });
});

describe('an owner that was frozen', () => {
  it('writes nothing of what it had computed, and the next one takes the step once', async () => {
    await world.journey(definitionOf([tag(1, { a: '1' }), wait(2), send(3)]));
    await happen('start');
    await world.clock.advance(MINUTE);
    const late = world.owned;
    let taken = false;
    const worker = world.workerOver({
      run: (...asked) => world.laneDatabase.run(...asked),
      transaction: (work) => world.laneDatabase.transaction(work),
      rows: async (statement, values) => {
        if (statement.name === 'journeys.move' && !taken) {
          taken = true;
          await world.own();
          await world.work();
        }
        return world.laneDatabase.rows(statement, values);
      },
    });
    const { refused } = await worker.work(late, world.clock.now());
    expect(refused).toBe(true);
    expect(await messages()).toHaveLength(1);
    expect(await world.trace(anna)).toEqual([
      'entered (event start)',
      'tagged 1',
      'waited 2',
      'sent 3',
      'completed',
    ]);
    expect(laneOf(anna)).toBeLessThan(256);
  });
});
