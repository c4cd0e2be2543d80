import { describe, expect, it } from 'vitest';
import type { Definition, JourneyNode } from '../definition/definition.ts';
import { compileDefinition } from './compile-definition.ts';
import {
  CONTENT,
  HOOK,
  NO_EXIT,
  TEMPLATE,
  between,
  branch,
  definitionOf,
  eventTest,
  exit,
  send,
  split,
  tag,
  timeWindow,
  wait,
  waitUntil,
  waitUntilDate,
  webhook,
  yesNo,
} from './fixtures/definitions.ts';
import type { Facts, Input, KeptEvent, Run, Step } from './run.ts';
import { NO_FACTS } from './run.ts';
import { step } from './step.ts';

const NOW = Date.parse('2026-11-02T10:00:00Z');
const USER = '0190a000-0000-7000-8000-000000000001';
const RUN = '0190a000-0000-4000-8000-000000000002';
const JOURNEY = '0190a000-0000-4000-8000-000000000003';
const FACTS: Facts = {
  ...NO_FACTS,
  reachable: { email: ['e1', 'e2'], push: ['p'] },
  contents: new Map([[TEMPLATE, CONTENT]]),
  webhooks: new Set([HOOK]),
};

const event = (name: string, properties: KeptEvent['properties'] = {}): Input & { kind: 'event' } => ({
  kind: 'event',
  event: { id: 'id', name, properties, timestamp: '2026-11-02T10:00:00Z' },
  at: NOW,
});

interface Given {
  readonly run?: Partial<Run>;
  readonly facts?: Partial<Facts>;
  readonly moves?: boolean;
  readonly now?: number;
}

function take(
  definition: Definition | null,
  input: Input,
  { run, facts, moves = true, now = NOW }: Given = {},
): Step {
  const journey = definition === null ? null : compileDefinition(definition);
  const stands = {
    id: RUN,
    userId: USER,
    node: 0,
    rev: 0,
    wakeAt: null,
    startedAt: NOW,
    context: { events: [] },
  };
  return step({
    journeyId: JOURNEY,
    journey,
    moves,
    run: { ...stands, ...run },
    input,
    facts: { ...FACTS, ...facts },
    now,
  });
}

const enter = (definition: Definition, given?: Given) =>
  take(definition, { kind: 'enter', reason: 'event' }, given);
const wake = (definition: Definition | null, run: Partial<Run>, given?: Given) =>
  take(definition, { kind: 'timer' }, { ...given, run: { rev: 5, wakeAt: NOW, ...run } });

const told = ({ trace }: Step) =>
  trace.map(({ step, node, branch, reason }) =>
    [
      step,
      node,
      ...(branch === null ? [] : [`> ${branch}`]),
      ...(reason === null ? [] : [`(${reason})`]),
    ].join(' '),
  );

describe('a step of a journey', () => {
  it('goes over everything that takes no time, up to the next wait', () => {
    const { next, effects, ...taken } = enter(definitionOf([send(1), send(2, 'send_sms'), wait(3), send(4)]));
    expect(told({ ...taken, next, effects })).toEqual([
      'entered 0 (event)',
      'sent 1',
      'skipped 2 (no reachable sms subscription)',
    ]);
    const messageId = taken.trace[1]?.messageId ?? '';
    expect(effects).toEqual([
      {
        kind: 'send',
        channel: 'email',
        node: 1,
        messageId,
        templateId: TEMPLATE,
        contentId: CONTENT,
        targets: ['e1', 'e2'],
      },
    ]);
    expect(next).toMatchObject({
      node: 3,
      rev: 3,
      wakeAt: NOW + 60_000,
      context: { sent: { 1: messageId } },
    });
  });

  it('computed again gives the same messages the same ids', () => {
    const definition = definitionOf([send(1), webhook(2)]);
    expect(enter(definition)).toEqual(enter(definition));
  });

  it('goes on behind the wait when its time has come, and ends behind the last node', () => {
    const taken = wake(definitionOf([send(1), wait(3), send(4)]), { node: 3 });
    expect(told(taken)).toEqual(['waited 3', 'sent 4', 'completed 0']);
    expect(taken.trace.map(({ rev }) => rev)).toEqual([6, 7, 8]);
    expect(taken.next).toBeNull();
  });

  it('comes out of branches to what is behind them, however deep', () => {
    const inner = yesNo(
      4,
      { kind: 'segment_membership', segmentIds: ['s'] },
      branch(5),
      branch(6, [send(7)]),
    );
    const outer = split(1, [
      [100, branch(2, [inner])],
      [0, branch(3)],
    ]);
    expect(told(enter(definitionOf([outer, send(8)])))).toEqual([
      'entered 0 (event)',
      'branched 1 > 2 (split)',
      'branched 4 > 6 (otherwise)',
      'sent 7',
      'sent 8',
      'completed 0',
    ]);
  });

  it('skips what is gone, and says so', () => {
    const definition = definitionOf([send(1), webhook(2)]);
    expect(told(enter(definition, { facts: { contents: new Map(), webhooks: new Set() } }))).toEqual([
      'entered 0 (event)',
      'skipped 1 (template gone)',
      'skipped 2 (webhook gone or disabled)',
      'completed 0',
    ]);
    expect(enter(definition).effects.map(({ kind }) => kind)).toEqual(['send', 'webhook']);
  });

  it('stops runs of a journey that is archived or deleted, without the tags of an exit', () => {
    const taken = wake(null, { node: 3 });
    expect(told(taken)).toEqual(['stopped 3 (journey ended)']);
    expect(taken.effects).toEqual([]);
    const rules = { ...NO_EXIT, onSession: true, tags: { left: 'yes' } };
    const stopped = take(
      definitionOf([wait(1)], { earlyExit: rules }),
      { kind: 'stop', reason: 'cancelled' },
      { run: { node: 1 } },
    );
    expect(stopped).toMatchObject({ next: null, effects: [] });
  });
});

describe('tags of a journey', () => {
  it('are there for the next node, and are removed by nothing', () => {
    const due = String(NOW / 1_000 + 30);
    const definition = definitionOf([
      tag(1, { due, old: '' }),
      waitUntilDate(2, { kind: 'tag', key: 'due' }),
    ]);
    const { next, effects } = enter(definition, { facts: { tags: { old: 'x' } } });
    expect(next).toMatchObject({ node: 2, wakeAt: NOW + 30_000 });
    expect(effects).toEqual([{ kind: 'tag', node: 1, assignments: { due, old: '' } }]);
  });

  it('that would be too many are all left out', () => {
    const taken = enter(definitionOf([tag(1, { a: '1', b: '2' })]), {
      facts: { tags: { c: '3' }, tagLimit: 2 },
    });
    expect(told(taken)[1]).toBe('skipped 1 (too many tags)');
    expect(taken.effects).toEqual([]);
  });

  it('are written before a segment is asked that may depend on them', () => {
    const asks = yesNo(2, { kind: 'segment_membership', segmentIds: ['s'] }, branch(3), branch(4));
    const definition = definitionOf([tag(1, { a: '1' }), asks]);
    expect(enter(definition).next).toMatchObject({ node: 1, wakeAt: NOW });
    expect(told(wake(definition, { node: 1 }, { facts: { memberships: new Set(['s']) } }))).toEqual([
      'waited 1',
      'branched 2 > 3 (segment)',
      'completed 0',
    ]);
  });
});

const untilPaid = (nodes: JourneyNode[] = []) =>
  definitionOf([
    waitUntil(
      1,
      [
        [
          {
            kind: 'event_trigger',
            event: eventTest('paid', { matchEntry: [{ entryKey: 'cart', eventKey: 'cart' }] }),
          },
          branch(2, nodes),
        ],
        [{ kind: 'segment_membership', segmentIds: ['s'] }, branch(3)],
      ],
      { durationSeconds: 60, exits: false, branch: branch(4) },
    ),
  ]);

describe('a wait until', () => {
  const entry = { id: '', name: 'start', properties: { cart: 'A' }, timestamp: '' };
  const stands = { node: 1, rev: 1, wakeAt: NOW + 60_000, context: { events: [entry] } };

  it('is left by an event that matches the one that let the user in, which is kept', () => {
    expect(take(untilPaid(), event('paid', { cart: 'a' }), { run: stands }).trace).toEqual([]);
    const taken = take(untilPaid([wait(5)]), event('paid', { cart: 'A' }), { run: stands });
    expect(told(taken)).toEqual(['branched 1 > 2 (event)']);
    expect(taken.next?.context.events.map(({ name }) => name)).toEqual(['start', 'paid']);
  });

  it('gives the very run back when nothing happens to it', () => {
    const run = { id: RUN, userId: USER, startedAt: NOW, ...stands };
    const journey = compileDefinition(untilPaid());
    const input = event('other');
    const taken = step({ journeyId: JOURNEY, journey, moves: true, run, input, facts: FACTS, now: NOW });
    expect(taken.next).toBe(run);
  });

  it('is passed at once by what is true on arrival, and left by its expiry', () => {
    expect(told(enter(untilPaid(), { facts: { memberships: new Set(['s']) } }))[1]).toBe(
      'branched 1 > 3 (segment)',
    );
    expect(told(wake(untilPaid(), stands))).toEqual(['branched 1 > 4 (expired)', 'completed 0']);
  });
});

describe('a paused journey', () => {
  const paid = [{ kind: 'event_trigger', event: eventTest('paid') }, branch(2, [send(3)])] as const;
  const definition = definitionOf([waitUntil(1, [paid])], {
    earlyExit: { ...NO_EXIT, onSession: true, tags: { left: 'yes' } },
  });
  const stands = { node: 1, rev: 1, context: { events: [] } };

  it('notes what comes, the first of it, and acts on it when it goes on', () => {
    const noted = take(definition, event('paid'), { run: stands, moves: false });
    expect(told(noted)).toEqual(['noted 1 (event)']);
    expect(noted.next).toMatchObject({ node: 1, wakeAt: NOW });
    const run = noted.next ?? stands;
    expect(take(definition, { kind: 'session' }, { run, moves: false }).trace).toEqual([]);
    expect(take(definition, { kind: 'timer' }, { run, moves: false }).next).toMatchObject({ node: 1 });
    expect(told(wake(definition, run))).toEqual(['branched 1 > 2 (event)', 'sent 3', 'completed 0']);
  });

  it('lets go whoever had a reason to leave meanwhile', () => {
    const { next } = take(definition, { kind: 'session' }, { run: stands, moves: false });
    const left = wake(definition, next ?? {});
    expect(told(left)).toEqual(['exited early 1 (session)']);
    expect(left.effects).toEqual([{ kind: 'tag', node: 1, assignments: { left: 'yes' } }]);
  });
});

describe('whoever comes in while nobody moves', () => {
  const gold = { kind: 'segment_membership', segmentIds: ['gold'] } as const;
  const definition = definitionOf([yesNo(1, gold, branch(2, [send(3)]), branch(4)), wait(5)], {
    earlyExit: { ...NO_EXIT, onSegmentIds: ['out'], onSession: true },
  });
  const entered = enter(definition, { moves: false });
  const wakes = (of: Definition, facts: Partial<Facts> = {}) => told(wake(of, entered.next ?? {}, { facts }));

  it('stands at the door, and takes the first step by what is known when the journey goes on', () => {
    expect(told(entered)).toEqual(['entered 0 (event)']);
    expect(entered.next).toMatchObject({ node: 1, rev: 1, wakeAt: NOW, startedAt: NOW });
    expect(take(definition, { kind: 'timer' }, { run: entered.next ?? {}, moves: false }).trace).toEqual([]);
    const gone = wake(definition, entered.next ?? {}, { facts: { memberships: new Set(['gold']) } });
    expect(told(gone)).toEqual(['branched 1 > 2 (segment)', 'sent 3']);
    expect(gone.next?.context.pending).toBeUndefined();
    expect(wakes(definition)).toEqual(['branched 1 > 4 (otherwise)']);
  });

  it('passes the first step before it leaves for a segment, and not for what came behind the entry', () => {
    expect(wakes(definition, { memberships: new Set(['out']) })).toEqual([
      'branched 1 > 4 (otherwise)',
      'exited early 1 (segment)',
    ]);
    const left = take(definition, { kind: 'session' }, { run: entered.next ?? {}, moves: false });
    expect(told(left)).toEqual(['noted 1 (session)']);
    expect(told(wake(definition, left.next ?? {}))).toEqual(['exited early 1 (session)']);
  });

  it('is met by what a first wait is for', () => {
    const paid = { kind: 'event_trigger', event: eventTest('paid') } as const;
    const waits = definitionOf([waitUntil(1, [[paid, branch(2, [send(3)])]]), wait(4)]);
    const { next } = enter(waits, { moves: false });
    const noted = take(waits, event('paid'), { run: next ?? {}, moves: false }).next ?? {};
    expect(told(wake(waits, noted))).toEqual(['branched 1 > 2 (event)', 'sent 3']);
    // What it reads before it has been woken does as much, and leaves no door behind.
    const moved = take(waits, event('paid'), { run: next ?? {} });
    expect(told(moved)).toEqual(['branched 1 > 2 (event)', 'sent 3']);
    expect(moved.next?.context.pending).toBeUndefined();
  });

  it('goes on where its first node led to when that was removed, and leaves behind that one', () => {
    const without = { ...definition, nodes: [wait(5)], forwards: { 1: 5 } };
    expect(wakes(without, { memberships: new Set(['out']) })).toEqual([
      'forwarded 1 (node removed)',
      'exited early 5 (segment)',
    ]);
  });
});

describe('a changed journey', () => {
  it('lets a run go on elsewhere whose node was removed, also when that one was removed too', () => {
    const definition = definitionOf([wait(1), send(9), exit(10)], { forwards: { 2: 3, 3: 9, 4: null } });
    expect(told(wake(definition, { node: 2 }))).toEqual([
      'forwarded 2 (node removed)',
      'sent 9',
      'passed 10',
      'completed 0',
    ]);
    expect(told(wake(definition, { node: 4 }))).toEqual(['forwarded 4 (node removed)', 'completed 0']);
  });

  it('keeps the timer of a wait that was edited', () => {
    expect(told(wake(definitionOf([wait(1, 5_000)]), { node: 1 }))[0]).toBe('waited 1');
  });
});

describe('a goal', () => {
  const definition = definitionOf([send(1)], {
    goal: { event: eventTest('paid'), withinSeconds: 3_600 },
  });

  it('counts once, also behind the end of the way, and not when its time is over', () => {
    const { next } = enter(definition);
    expect(next).toMatchObject({ node: 0, rev: 3, wakeAt: NOW + 3_600_000 });
    const reached = take(definition, event('paid'), { run: next ?? {} });
    expect(told(reached)).toEqual(['goal 0']);
    expect(reached.next).toBeNull();
    const late = { ...event('paid'), at: NOW + 3_600_001 };
    expect(take(definition, late, { run: next ?? {} }).trace).toEqual([]);
    expect(wake(definition, { ...next })).toMatchObject({ next: null, trace: [], effects: [] });
  });

  it('reached on the way is not waited for behind it', () => {
    const longer = { ...definition, nodes: [wait(1)] };
    const { next } = take(longer, event('paid'), { run: { node: 1, rev: 1 } });
    expect(next).toMatchObject({ node: 1, rev: 2, context: { goal: true } });
    expect(take(longer, event('paid'), { run: next ?? {} }).trace).toEqual([]);
    expect(wake(longer, next ?? {}).next).toBeNull();
  });
});

describe('a user who is held out', () => {
  it('goes the way without any effect', () => {
    const rules = { ...NO_EXIT, onSession: true, tags: { left: 'yes' } };
    const definition = definitionOf([send(1), tag(2, { a: '1' }), webhook(3), wait(4)], {
      holdOutPercent: 100,
      earlyExit: rules,
      goal: { event: eventTest('paid'), withinSeconds: 60 },
    });
    const { next, ...taken } = enter(definition);
    expect(told({ next, ...taken })).toEqual([
      'entered 0 (event)',
      'held out 0',
      'withheld 1 (held out)',
      'withheld 2 (held out)',
      'withheld 3 (held out)',
    ]);
    expect(taken.effects).toEqual([]);
    expect(told(take(definition, event('paid'), { run: next ?? {} }))).toEqual(['goal held out 0']);
    expect(take(definition, { kind: 'session' }, { run: next ?? {} }).effects).toEqual([]);
  });
});

describe('a user who meets entry and exit together', () => {
  it('passes the first step, then leaves', () => {
    const rules = { ...NO_EXIT, onSegmentIds: ['s'] };
    const facts = { memberships: new Set(['s']) };
    expect(told(enter(definitionOf([send(1), send(2)], { earlyExit: rules }), { facts }))).toEqual([
      'entered 0 (event)',
      'sent 1',
      'exited early 1 (segment)',
    ]);
    expect(told(enter(definitionOf([wait(1), send(2)], { earlyExit: rules }), { facts }))).toEqual([
      'entered 0 (event)',
      'exited early 1 (segment)',
    ]);
  });
});

describe('a time window', () => {
  const weekdays = [1, 2, 3, 4, 5].map((day) => between(9, 17, day));

  it('is passed at once inside, in the time zone of the user when that is known', () => {
    const definition = definitionOf([timeWindow(1, weekdays, { useUserTimeZone: true })]);
    expect(told(enter(definition, { facts: { timeZone: 'Europe/Berlin' } }))[1]).toBe(
      'passed 1 (in the window)',
    );
    expect(enter(definition, { facts: { timeZone: 'America/New_York' } }).next?.node).toBe(1);
  });

  it('lets those who wait on over its first quarter of an hour, each at a moment of its own', () => {
    const definition = definitionOf([timeWindow(1, [between(12, 17)])]);
    const start = Date.parse('2026-11-02T12:00:00Z');
    const moments = ['1', '2', '3', '4', '5', '6', '7', '8'].map(
      (id) => enter(definition, { run: { id } }).next?.wakeAt,
    );
    for (const moment of moments) {
      expect(moment).toBeGreaterThanOrEqual(start);
      expect(moment).toBeLessThan(start + 15 * 60_000);
    }
    expect(new Set(moments).size).toBeGreaterThan(4);
  });

  it('waits for the time of day of the last activity where it is told to', () => {
    const definition = definitionOf([
      timeWindow(1, [between(9, 17)], { relativeTo: 'last_active_time', timeZone: 'UTC' }),
    ]);
    const lastActive = Date.parse('2026-10-01T15:30:00Z');
    expect(enter(definition, { facts: { lastActive } }).next?.wakeAt).toBe(
      Date.parse('2026-11-02T15:30:00Z'),
    );
    const early = Date.parse('2026-10-01T03:00:00Z');
    expect(told(enter(definition, { facts: { lastActive: early } }))[1]).toBe('passed 1 (in the window)');
  });
});

const dueAt = (due: string | number) => ({
  events: [{ id: '', name: 'start', properties: { due }, timestamp: '' }],
});

describe('a wait until a date', () => {
  it('waits for a time that a property holds, moved by the offset', () => {
    const definition = definitionOf([
      waitUntilDate(1, { kind: 'event_property', key: 'due' }, { offsetSeconds: -3_600 }),
    ]);
    const { next } = enter(definition, { run: { context: dueAt('2026-11-03T10:00:00+02:00') } });
    expect(next?.wakeAt).toBe(Date.parse('2026-11-03T07:00:00Z'));
  });

  it('does what it says with a time that is missing, unreadable or over', () => {
    const continues = definitionOf([waitUntilDate(1, { kind: 'event_property', key: 'due' })]);
    expect(told(enter(continues, { run: { context: dueAt('soon') } }))[1]).toBe('passed 1 (no date)');
    const exits = definitionOf([
      waitUntilDate(1, { kind: 'event_property', key: 'due' }, { otherwise: 'exit' }),
    ]);
    expect(told(enter(exits, { run: { context: dueAt(5) } }))[1]).toBe('exited early 1 (date passed)');
  });
});
