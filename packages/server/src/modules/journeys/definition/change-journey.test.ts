import { describe, expect, it } from 'vitest';
import { changeJourney } from './change-journey.ts';
import type { Journey, JourneyState } from './definition.ts';
import { parseJourney } from './parse/parse-journey.ts';
import { writtenOf } from '../present/present-journey.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const SEGMENT = '22222222-2222-4222-8222-222222222222';
const OTHER = '33333333-3333-4333-8333-333333333333';
const split = { kind: 'split_range', branches: [{ weight: 60, nodes: [{ kind: 'exit' }] }, { weight: 40 }] };
const body = {
  name: 'x',
  audience: { kind: 'event_trigger', name: 'e' },
  nodes: [{ kind: 'wait', duration_seconds: 60 }, split, { kind: 'wait', duration_seconds: 120 }],
};

function journey(state: JourneyState, changes: object = {}): Journey {
  const date = new Date(NOW);
  return {
    appId: SEGMENT,
    id: OTHER,
    state,
    version: state === 'draft' || state === 'scheduled' ? 0 : 1,
    awaitsSegments: false,
    scheduleError: null,
    revision: 3,
    createdAt: date,
    updatedAt: date,
    startedAt: null,
    archivedAt: null,
    ...parseJourney({ ...body, ...changes }),
  };
}

/** Segments in an exit rule. */
const asking = (segment: string) => ({
  early_exit: { rules: { on_segment: { included_segment_ids: [segment] } } },
});
const ofSegments = (futureOnly: boolean) =>
  journey('active', {
    audience: { kind: 'segment', included_segment_ids: [SEGMENT], future_additions_only: futureOnly },
  });
const refusal = (before: Journey, patch: object): string => {
  try {
    changeJourney(before, { ...patch }, NOW);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};
const shownNodes = (of: Journey) => writtenOf(of).nodes;

describe('a change of a draft', () => {
  it('replaces members, clears those that are null, and keeps what it does not name', () => {
    const before = journey('draft', { description: 'old', early_exit: { rules: { on_session: true } } });
    const patch = { description: null, early_exit: { rules: { on_session: null, on_event: { name: 'b' } } } };
    const after = changeJourney(before, patch, NOW);
    expect(after).toMatchObject({ name: 'x', description: null, version: 0, state: 'draft' });
    expect(after.definition.earlyExit).toMatchObject({ onSession: false, onEvent: { name: 'b' } });
    expect(after.definition.nodes).toEqual(before.definition.nodes);
    expect(changeJourney(before, { early_exit: null }, NOW).definition.earlyExit).toBeNull();
  });

  it('may turn an audience of an event into one of segments, without a word on the event', () => {
    const audience = { kind: 'segment', included_segment_ids: [SEGMENT] };
    expect(changeJourney(journey('draft'), { audience }, NOW).definition.audience).toMatchObject({
      kind: 'segment',
      includedSegmentIds: [SEGMENT],
    });
  });

  it('keeps the keys of nodes that are named by their ids, and gives new ones to the others', () => {
    const before = journey('draft');
    const [first, , last] = shownNodes(before);
    const after = changeJourney(before, { nodes: [last, { kind: 'exit' }, first] }, NOW);
    expect(after.definition.nodes.map(({ key }) => key)).toEqual([6, 7, 1]);
    expect(after.definition.forwards).toEqual({});
  });

  it.each([
    [{ id: OTHER }, 'id is set by the server: remove it'],
    [{ name: null }, 'name is required'],
    [{ colour: 'red' }, 'colour is not known here: remove it'],
    [{ state: 'processing' }, 'state must be one of draft, scheduled, active, paused, archived'],
    [
      { state: 'paused' },
      'The state of the journey does not allow this: from draft it can become scheduled, active, archived, not paused',
    ],
    [
      { nodes: [{ id: OTHER, kind: 'exit' }] },
      'nodes[0].id is not that of a node or branch of this journey: leave it away for a new one',
    ],
    [
      { concurrency_key: '2' },
      'The journey has been changed meanwhile. Read it again and repeat the change with its concurrency_key.',
    ],
    [{ schedule: { start_at: at(4) } }, 'schedule.start_at must be at least 5 minutes ahead'],
    [{ schedule: { stop_at: at(0) } }, 'schedule.stop_at must lie ahead'],
    [
      { state: 'scheduled' },
      'The state of the journey does not allow this: a scheduled journey needs schedule.start_at; make it active to start it now',
    ],
  ])('is refused with the field and the rule: %j', (patch, message) => {
    expect(refusal(journey('draft'), patch)).toBe(message);
  });

  it('refuses to make another kind of node of one that is named by its id, and to name one twice', () => {
    const before = journey('draft');
    const [first] = shownNodes(before);
    expect(refusal(before, { nodes: [{ id: first?.id, kind: 'exit' }] })).toBe(
      'nodes[0].id is that of a node of kind wait, which cannot change: leave it away for a new one',
    );
    expect(refusal(before, { nodes: [first, { ...first }] })).toBe('nodes[1].id is named twice');
  });
});

describe('a start', () => {
  it('publishes version 1, at once where it names no segments', () => {
    expect(changeJourney(journey('draft'), { state: 'active' }, NOW)).toMatchObject({
      state: 'active',
      version: 1,
      awaitsSegments: false,
    });
    const ofSegment = journey('draft', { audience: { kind: 'segment', included_segment_ids: [SEGMENT] } });
    expect(changeJourney(ofSegment, { state: 'active' }, NOW)).toMatchObject({
      state: 'processing',
      version: 1,
      awaitsSegments: true,
    });
    expect(changeJourney(journey('draft', asking(SEGMENT)), { state: 'active' }, NOW)).toMatchObject({
      state: 'processing',
      version: 1,
      awaitsSegments: true,
    });
  });

  it('at a time waits as scheduled, publishing nothing yet, and can be had at once', () => {
    const scheduled = changeJourney(
      journey('draft'),
      { state: 'scheduled', schedule: { start_at: at(5), stop_at: at(60) } },
      NOW,
    );
    expect(scheduled).toMatchObject({
      state: 'scheduled',
      version: 0,
      schedule: { startAt: new Date(at(5)) },
    });
    const waiting = { ...journey('scheduled'), ...scheduled };
    expect(changeJourney(waiting, { state: 'active' }, NOW)).toMatchObject({
      state: 'active',
      schedule: { startAt: null, stopAt: new Date(at(60)) },
    });
    expect(refusal(waiting, { schedule: { start_at: null } })).toContain('needs schedule.start_at');
  });

  it('forgets why the one before failed', () => {
    const failed = { ...journey('draft'), scheduleError: 'no template' };
    expect(changeJourney(failed, { name: 'x' }, NOW).scheduleError).toBe('no template');
    expect(changeJourney(failed, { state: 'active' }, NOW).scheduleError).toBeNull();
  });
});

describe('a change of a live journey', () => {
  it('is a version of its own when it changes what happens, and none when it changes a name', () => {
    const live = journey('active');
    expect(changeJourney(live, { name: 'y' }, NOW).version).toBe(1);
    expect(changeJourney(live, { hold_out_percent: 5 }, NOW).version).toBe(2);
    expect(changeJourney(live, { state: 'paused' }, NOW)).toMatchObject({ state: 'paused', version: 1 });
    expect(changeJourney(journey('paused'), { state: 'active' }, NOW).version).toBe(1);
  });

  it('awaits segments that it did not name before, in the state it is in, until it is over', () => {
    const live = journey('active', asking(SEGMENT));
    const awaits = (of: Journey, patch: object) => changeJourney(of, { ...patch }, NOW).awaitsSegments;
    expect(awaits(live, { hold_out_percent: 5 })).toBe(false);
    expect(awaits(live, asking(OTHER))).toBe(true);
    expect(changeJourney(live, { ...asking(OTHER) }, NOW).state).toBe('active');
    expect(awaits(journey('paused'), asking(OTHER))).toBe(true);
    expect(awaits({ ...live, awaitsSegments: true }, { early_exit: null })).toBe(true);
    expect(awaits({ ...live, awaitsSegments: true }, { state: 'archived' })).toBe(false);
    expect(awaits(journey('draft'), asking(OTHER))).toBe(false);
  });

  it('leads those on whose node is gone', () => {
    const live = journey('active');
    const [, middle, last] = shownNodes(live);
    const { definition } = changeJourney(live, { nodes: [middle, last] }, NOW);
    expect(definition.forwards).toEqual({ 1: 2 });
    expect(changeJourney(live, { nodes: [] }, NOW).definition.forwards).toEqual({
      1: null,
      2: null,
      4: null,
      6: null,
    });
  });

  it('may move the weights of a split and fill its branches, and not add one', () => {
    const live = journey('active');
    const [first, middle] = shownNodes(live);
    if (middle?.kind !== 'split_range') throw new Error('the second node is the split');
    const [a, b] = middle.branches;
    const weighed = {
      ...middle,
      branches: [
        { ...a, weight: 0 },
        { ...b, weight: 100, nodes: [{ kind: 'exit' }] },
      ],
    };
    expect(refusal(live, { nodes: [first, weighed] })).toBe('accepted');
    const grown = { ...middle, branches: [a, { ...b, weight: 30 }, { weight: 10 }] };
    expect(refusal(live, { nodes: [first, grown] })).toContain(
      `the branches of the split ${middle.id} are fixed`,
    );
    expect(refusal(journey('draft'), { nodes: [split, split] })).toBe('accepted');
  });

  it.each([
    [
      { audience: { kind: 'segment', included_segment_ids: [SEGMENT] } },
      'audience.kind is fixed once the journey was live',
    ],
    [
      { audience: { run_key: 'cart' } },
      'audience.run_key is fixed once the journey was live: runs are told apart by it',
    ],
    [{ state: 'draft' }, 'from active it can become paused, archived, not draft'],
  ])('keeps what people inside rely on: %j', (patch, reason) => {
    expect(refusal(journey('active'), patch)).toBe(`The state of the journey does not allow this: ${reason}`);
  });

  it('may change its segments, unless it takes only those who come later', () => {
    const patch = { audience: { included_segment_ids: [OTHER] } };
    expect(refusal(ofSegments(false), patch)).toBe('accepted');
    expect(refusal(ofSegments(true), patch)).toContain(
      'segments of an audience of future additions only are fixed',
    );
    expect(refusal(ofSegments(true), { audience: { future_additions_only: false } })).toContain(
      'is fixed once',
    );
  });

  it('cannot change when it started, and can change when it stops', () => {
    const live = journey('active', { schedule: { start_at: at(-60) } });
    expect(refusal(live, { schedule: { start_at: at(30) } })).toBe(
      'schedule.start_at cannot be changed any more: the journey has started',
    );
    expect(changeJourney(live, { schedule: { stop_at: at(30) } }, NOW).schedule).toEqual({
      startAt: new Date(at(-60)),
      stopAt: new Date(at(30)),
    });
  });

  it('is over once it is archived', () => {
    expect(refusal(journey('archived'), { name: 'y' })).toContain('an archived journey cannot be changed');
    expect(refusal(journey('archived'), { state: 'active' })).toContain('it can become nothing else');
    expect(refusal(journey('archived'), { state: 'archived' })).toBe('accepted');
  });
});
