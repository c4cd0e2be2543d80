import { describe, expect, it } from 'vitest';
import type { JourneyNode } from './definition.ts';
import { forwardRuns } from './forward-runs.ts';

const wait = (key: number): JourneyNode => ({
  id: `n${key}`,
  key,
  annotation: null,
  clientNodeId: null,
  kind: 'wait',
  durationSeconds: 60,
});
const branch = (key: number, ...nodes: JourneyNode[]) => ({ id: `b${key}`, key, nodes });
const ask = (key: number, yes: JourneyNode[], no: JourneyNode[]): JourneyNode => ({
  id: `n${key}`,
  key,
  annotation: null,
  clientNodeId: null,
  kind: 'yes_no',
  condition: { kind: 'segment_membership', segmentIds: [] },
  yes: branch(key + 100, ...yes),
  no: branch(key + 200, ...no),
});

describe('runs on nodes that are gone', () => {
  it('go on at the next node that is still there', () => {
    const before = { nodes: [wait(1), wait(2), wait(3), wait(4)], forwards: {} };
    expect(forwardRuns(before, [wait(1), wait(4)])).toEqual({ 2: 4, 3: 4 });
  });

  it('end where nothing is left behind them', () => {
    expect(forwardRuns({ nodes: [wait(1), wait(2)], forwards: {} }, [wait(1), wait(9)])).toEqual({ 2: null });
  });

  it('leave a branch of which nothing is left, also one that is gone as a whole', () => {
    const before = { nodes: [ask(1, [wait(2), wait(3)], []), wait(4)], forwards: {} };
    expect(forwardRuns(before, [ask(1, [wait(2)], []), wait(4)])).toEqual({ 3: 4 });
    expect(forwardRuns(before, [wait(4)])).toEqual({ 1: 4, 2: 4, 3: 4 });
  });

  it('follow a node that was moved', () => {
    const before = { nodes: [wait(1), wait(2), wait(3)], forwards: {} };
    expect(forwardRuns(before, [wait(3), wait(2)])).toEqual({ 1: 2 });
  });

  it('are led on again when the node that they were led to goes too', () => {
    const once = forwardRuns({ nodes: [wait(1), wait(2), wait(3)], forwards: {} }, [wait(2), wait(3)]);
    expect(once).toEqual({ 1: 2 });
    const twice = forwardRuns({ nodes: [wait(2), wait(3)], forwards: once }, [wait(3)]);
    expect(twice).toEqual({ 1: 3, 2: 3 });
    expect(forwardRuns({ nodes: [wait(3)], forwards: twice }, [])).toEqual({ 1: null, 2: null, 3: null });
  });
});
