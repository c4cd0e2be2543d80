import { describe, expect, it } from 'vitest';
import type { Definition, JourneyNode } from '../definition/definition.ts';
import { step } from './step.ts';

const NOW = 1_000_000;
const common = { annotation: null, clientNodeId: null };
const wait = (key: number): JourneyNode => ({
  ...common,
  id: `n${key}`,
  key,
  kind: 'wait',
  durationSeconds: 60,
});
const send = (key: number): JourneyNode => ({
  ...common,
  id: `n${key}`,
  key,
  kind: 'send_email',
  templateId: `t${key}`,
});
const journey = (...nodes: JourneyNode[]): Definition => ({
  audience: { kind: 'event_trigger', name: 'x', attributes: [], runKey: null },
  earlyExit: null,
  reentrySeconds: null,
  goal: null,
  holdOutPercent: 0,
  forwards: {},
  nodes,
  nextKey: 100,
});
const names = (lines: readonly { step: string; node: number }[]) =>
  lines.map((line) => `${line.step} ${line.node}`);

describe('a step of a journey', () => {
  it('goes over everything that takes no time, up to the next wait', () => {
    const { next, trace, effects } = step(
      journey(send(1), send(2), wait(3), send(4)),
      { kind: 'enter' },
      NOW,
    );
    expect(names(trace)).toEqual(['entered 0', 'sent 1', 'sent 2']);
    expect(effects).toEqual([
      { kind: 'send_email', templateId: 't1', rev: 2 },
      { kind: 'send_email', templateId: 't2', rev: 3 },
    ]);
    expect(next).toEqual({ node: 3, rev: 3, wakeAt: NOW + 60_000 });
  });

  it('goes on behind the wait when its time has come, and ends behind the last node', () => {
    const run = { node: 3, rev: 3, wakeAt: NOW };
    const { next, trace } = step(journey(send(1), wait(3), send(4)), { kind: 'timer', run }, NOW);
    expect(names(trace)).toEqual(['waited 3', 'sent 4', 'completed 0']);
    expect(trace.map((line) => line.rev)).toEqual([4, 5, 6]);
    expect(next).toBeNull();
  });

  it('stops when the journey is not active any more, or the node is gone', () => {
    const timer = { kind: 'timer', run: { node: 3, rev: 3, wakeAt: NOW } } as const;
    expect(names(step(null, timer, NOW).trace)).toEqual(['stopped 0']);
    expect(names(step(journey(wait(4)), timer, NOW).trace)).toEqual(['stopped 0']);
  });

  it('of a journey without nodes enters and completes', () => {
    expect(names(step(journey(), { kind: 'enter' }, NOW).trace)).toEqual(['entered 0', 'completed 0']);
  });
});
