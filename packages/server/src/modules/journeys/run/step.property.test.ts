import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Definition, JourneyNode } from '../definition/definition.ts';
import type { RunState, Step, TraceLine } from './step.ts';
import { step } from './step.ts';

/** The rows of one journey, kept as the database keeps them: a step on an old rev writes nothing. */
class Rows {
  now = 0;
  readonly runs: { state: RunState | null; trace: TraceLine[]; sends: number }[] = [];
  /** Steps that were computed and whose owner may come back with them. */
  readonly stale: { run: number; rev: number; step: Step }[] = [];

  enter(definition: Definition): void {
    const taken = step(definition, { kind: 'enter' }, this.now);
    this.runs.push({ state: taken.next, trace: [...taken.trace], sends: taken.effects.length });
  }

  /** Computes the step of a due run, and writes it unless its owner is frozen just then. */
  fire(definition: Definition, run: number, frozen: boolean): void {
    const state = this.runs[run]?.state;
    if (!state || state.wakeAt > this.now) return;
    const taken = step(definition, { kind: 'timer', run: state }, this.now);
    this.stale.push({ run, rev: state.rev, step: taken });
    if (!frozen) this.write(run, state.rev, taken);
  }

  write(run: number, rev: number, taken: Step): void {
    const row = this.runs[run];
    if (!row?.state || row.state.rev !== rev) return;
    row.state = taken.next;
    row.trace.push(...taken.trace);
    row.sends += taken.effects.length;
  }
}

/** What ought to happen, said without steps: when each wait of a run ends. */
interface Model {
  readonly definition: Definition;
}

class Enter implements fc.Command<Model, Rows> {
  readonly check = () => true;
  run(model: Model, rows: Rows): void {
    rows.enter(model.definition);
    checkAll(model, rows);
  }
  toString = () => 'enter';
}

class Fire implements fc.Command<Model, Rows> {
  readonly seconds: number;
  readonly frozen: readonly boolean[];
  constructor(seconds: number, frozen: readonly boolean[]) {
    this.seconds = seconds;
    this.frozen = frozen;
  }
  readonly check = () => true;
  run(model: Model, rows: Rows): void {
    rows.now += this.seconds * 1_000;
    rows.runs.forEach((_, run) =>
      rows.fire(model.definition, run, this.frozen[run % this.frozen.length] ?? false),
    );
    checkAll(model, rows);
  }
  toString = () => `fire after ${this.seconds} s, frozen ${this.frozen.join()}`;
}

class ComeBack implements fc.Command<Model, Rows> {
  readonly check = () => true;
  run(model: Model, rows: Rows): void {
    for (const { run, rev, step } of rows.stale) rows.write(run, rev, step);
    checkAll(model, rows);
  }
  toString = () => 'frozen owners come back with what they computed';
}

/** Each run has passed a prefix of the nodes, each node once and in order, and stands where it should. */
function checkAll({ definition }: Model, rows: Rows): void {
  for (const { state, trace, sends } of rows.runs) {
    const passed = trace.filter((line) => line.node > 0).map((line) => line.node);
    const keys = definition.nodes.map((node) => node.key);
    assertEqual(passed, keys.slice(0, passed.length), 'nodes passed');
    assertEqual(
      trace.map((line) => line.rev),
      trace.map((_, index) => index + 1),
      'revs',
    );
    const mails = definition.nodes
      .slice(0, passed.length)
      .filter((node) => node.kind === 'send_email').length;
    assertEqual(sends, mails, 'effects');
    if (state === null) {
      assertEqual(passed.length, keys.length, 'an ended run passed all nodes');
      assertEqual(trace.at(-1)?.step, 'completed', 'last line');
    } else {
      assertEqual(state.node, keys[passed.length], 'waits at the node behind the last passed');
      assertEqual(definition.nodes[passed.length]?.kind, 'wait', 'waits at a wait');
      assertEqual(state.rev, trace.length, 'rev of the run');
    }
  }
}

function assertEqual(actual: unknown, expected: unknown, what: string): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: ${left} instead of ${right}`);
}

const nodes = fc.array(fc.oneof(fc.constant('send' as const), fc.integer({ min: 60, max: 300 })), {
  maxLength: 6,
});
const definitions = nodes.map((parts): Definition => ({
  audience: { kind: 'event_trigger', name: 'x', attributes: [], runKey: null },
  earlyExit: null,
  reentrySeconds: null,
  goal: null,
  holdOutPercent: 0,
  forwards: {},
  nextKey: parts.length + 1,
  nodes: parts.map((part, index): JourneyNode => {
    const base = { id: `n${index}`, key: index + 1, annotation: null, clientNodeId: null };
    return part === 'send'
      ? { ...base, kind: 'send_email', templateId: 't' }
      : { ...base, kind: 'wait', durationSeconds: part };
  }),
}));

describe('a journey', () => {
  it('takes every entry over every node once, in order, whoever is frozen and comes back', () => {
    const commands = fc.commands(
      [
        fc.constant(new Enter()),
        fc
          .tuple(fc.integer({ min: 0, max: 200 }), fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }))
          .map(([seconds, frozen]) => new Fire(seconds, frozen)),
        fc.constant(new ComeBack()),
      ],
      { maxCommands: 40 },
    );
    const property = fc.property(definitions, commands, (definition, commands) => {
      fc.modelRun(() => ({ model: { definition }, real: new Rows() }), commands);
    });
    expect(() => fc.assert(property, { numRuns: 200 })).not.toThrow();
  });
});
