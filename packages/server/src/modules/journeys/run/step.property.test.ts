import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../../../platform/ids.ts';
import type { Definition } from '../definition/definition.ts';
import { compileDefinition } from './compile-definition.ts';
import { CONTENT, TEMPLATE } from './fixtures/definitions.ts';
import type { Happening } from './fixtures/random-journeys.ts';
import { randomDefinitions, randomHappenings } from './fixtures/random-journeys.ts';
import { ReferenceRun } from './fixtures/reference-run.ts';
import type { ReferenceUser } from './fixtures/reference-run.ts';
import type { Effect, Facts, Input, KeptEvent, MessageAction, Run, TraceLine } from './run.ts';
import { NO_FACTS } from './run.ts';
import { step } from './step.ts';

const JOURNEY = newId();
const IMPLIED = { received: 1, opened: 2, clicked: 3 };
const ACTIONS = ['received', 'opened', 'clicked'] as const;

/** A run as the database keeps it, beside the reference of it. */
interface Pair {
  run: Run | null;
  readonly log: string[];
  readonly effects: Effect[];
  readonly reference: ReferenceRun;
}

/** One user, one journey, two ways of working it. */
class World {
  readonly pairs: Pair[] = [];
  readonly #definition: Definition;
  readonly #user: ReferenceUser;
  /** The tags that `step` has written. */
  readonly #tags = new Map<string, string>();

  constructor(definition: Definition) {
    this.#definition = definition;
    this.#user = {
      id: newId(),
      segments: new Set(),
      tags: new Map(),
      channels: new Set(['push', 'email']),
      now: 0,
    };
  }

  happen(happening: Happening): void {
    switch (happening.kind) {
      case 'start': {
        const { k, order, due } = happening;
        const event = { id: '', name: 'start', properties: { k, order, due }, timestamp: '' };
        this.#tellAll({ kind: 'event', event, at: this.#user.now });
        this.#enter(this.#definition.audience.kind === 'segment' ? null : event);
        return;
      }
      case 'event': {
        const { name, k, order } = happening;
        const event = { id: '', name, properties: { k, order }, timestamp: '' };
        this.#tellAll({ kind: 'event', event, at: this.#user.now });
        return;
      }
      case 'segments': {
        const { segments } = this.#user;
        const entered = happening.now.filter((id) => !segments.has(id));
        const left = [...segments].filter((id) => !happening.now.includes(id));
        for (const id of left) segments.delete(id);
        for (const id of entered) segments.add(id);
        this.#tellAll({ kind: 'segments', entered, left });
        return;
      }
      case 'session':
        this.#tellAll({ kind: 'session' });
        return;
      case 'message': {
        const pair = this.pairs[happening.pick % this.pairs.length];
        const sent = pair?.reference.sent ?? new Map<number, Set<MessageAction>>();
        const [node, done] = [...sent][happening.pick % sent.size] ?? [];
        if (pair === undefined || node === undefined || done === undefined) return;
        for (const action of ACTIONS.slice(0, IMPLIED[happening.action])) done.add(action);
        this.#tell(pair, { kind: 'message', node, action: happening.action });
        return;
      }
      case 'time':
        this.#user.now += happening.seconds * 1_000;
        this.#wake();
    }
  }

  #enter(event: KeptEvent | null): void {
    const ids = { journeyId: JOURNEY, runId: newId() };
    const reference = new ReferenceRun(this.#definition, this.#user, ids, event);
    const run: Run = {
      id: ids.runId,
      userId: this.#user.id,
      node: 0,
      rev: 0,
      wakeAt: null,
      startedAt: this.#user.now,
      context: { events: event === null ? [] : [event] },
    };
    const pair: Pair = { run, log: [], effects: [], reference };
    this.pairs.push(pair);
    this.#step(pair, { kind: 'enter', reason: 'event' });
    this.#settle(pair);
  }

  #tellAll(input: Input): void {
    for (const pair of this.pairs) this.#tell(pair, input);
  }

  #tell(pair: Pair, input: Input): void {
    pair.reference.tell(input);
    this.#step(pair, input);
    this.#settle(pair);
  }

  /** Each run once: what it waits for next is counted from now. */
  #wake(): void {
    for (const pair of this.pairs) {
      if (pair.run?.node === 0) {
        if ((pair.run.wakeAt ?? Infinity) <= this.#user.now) this.#step(pair, { kind: 'timer' });
        continue;
      }
      const { until } = pair.reference.waiting;
      const isDue = !pair.reference.isOver && until !== null && until <= this.#user.now;
      if (isDue !== (pair.run !== null && pair.run.wakeAt !== null && pair.run.wakeAt <= this.#user.now)) {
        throw new Error(`the reference waits until ${until}, the run until ${pair.run?.wakeAt}`);
      }
      if (isDue) this.#tell(pair, { kind: 'timer' });
    }
  }

  /** A run stops behind tags until they are written, which is now. */
  #settle(pair: Pair): void {
    while (pair.run?.wakeAt === this.#user.now && this.#standsAtTag(pair.run)) {
      this.#step(pair, { kind: 'timer' });
      pair.log.splice(pair.log.indexOf('settled'), 1);
    }
  }

  #standsAtTag({ node }: Run): boolean {
    return compileDefinition(this.#definition).places.get(node)?.node.kind === 'tag';
  }

  #step(pair: Pair, input: Input): void {
    if (pair.run === null) return;
    const journey = compileDefinition(this.#definition);
    const { run } = pair;
    const taken = {
      journeyId: JOURNEY,
      journey,
      moves: true,
      run,
      input,
      facts: this.#facts(pair),
      now: this.#user.now,
    };
    const result = step(taken);
    const { next, trace, effects } = result;
    assertSame(step(taken), result);
    assertSame(
      trace.map(({ rev }) => rev),
      trace.map((_, line) => run.rev + line + 1),
    );
    if (next !== null && next !== run) assertSame(next.rev, run.rev + trace.length);
    pair.log.push(...trace.map((line) => this.#shown(line)));
    pair.effects.push(...effects);
    for (const effect of effects) {
      if (effect.kind !== 'tag') continue;
      for (const [key, value] of Object.entries(effect.assignments)) {
        if (value === '') this.#tags.delete(key);
        else this.#tags.set(key, value);
      }
    }
    pair.run = next === null ? null : (JSON.parse(JSON.stringify(next)) as Run);
  }

  #facts({ reference, run }: Pair): Facts {
    const sent = Object.entries(run?.context.sent ?? {});
    return {
      ...NO_FACTS,
      memberships: this.#user.segments,
      tags: Object.fromEntries(this.#tags),
      actions: new Map(sent.map(([node, id]) => [id, reference.sent.get(Number(node)) ?? new Set()])),
      reachable: { push: ['p'], email: ['e'] },
      contents: new Map([[TEMPLATE, CONTENT]]),
    };
  }

  #shown({ step, node, branch }: TraceLine): string {
    if (['entered', 'completed', 'exited early', 'goal'].includes(step)) return step;
    const kind = compileDefinition(this.#definition).places.get(node)?.node.kind;
    if (step === 'waited' && kind === 'tag') return 'settled';
    return branch === null ? `${step} ${node}` : `${step} ${node} ${branch}`;
  }
}

/** Quicker than `expect`, which is called some hundred thousand times here. */
function assertSame(actual: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${left} instead of ${right}`);
}

describe('a run', () => {
  it('goes the way that somebody who reads the journey aloud would take it, whatever happens', () => {
    const property = fc.property(randomDefinitions, randomHappenings, (definition, happenings) => {
      const world = new World(definition);
      for (const happening of happenings) {
        world.happen(happening);
        for (const { run, log, reference, effects } of world.pairs) {
          assertSame(log, reference.log);
          assertSame(run === null || run.node === 0, reference.isOver);
          const sends = effects.filter(({ kind }) => kind === 'send').map(({ node }) => node);
          assertSame(sends, [...reference.sent.keys()]);
        }
      }
    });
    expect(() => fc.assert(property, { numRuns: 3_000 })).not.toThrow();
  });
});
