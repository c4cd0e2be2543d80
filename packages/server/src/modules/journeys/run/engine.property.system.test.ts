import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Queryable } from '../../../platform/database/database.ts';
import { newId } from '../../../platform/ids.ts';
import type { Definition, EarlyExit, Journey } from '../definition/definition.ts';
import { compileDefinition } from './compile-definition.ts';
import type { Happening } from './fixtures/random-journeys.ts';
import { randomDefinitions, randomExits, randomHappening } from './fixtures/random-journeys.ts';
import { ReferenceRun } from './fixtures/reference-run.ts';
import type { ReferenceUser } from './fixtures/reference-run.ts';
import { RunningJourneys } from './fixtures/running-journeys.ts';
import type { JourneyWorker } from './journey-worker.ts';
import type { MessageAction } from './run.ts';

/** What befalls a batch when it is to be written. */
type Fault =
  | 'none'
  /** The process dies before. */
  | 'dies'
  /** It dies behind the commit, before it knows. */
  | 'unknown'
  /** It was frozen: another owner has taken the lanes and worked them. */
  | 'frozen';

const faults = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Fault>('none') },
    { weight: 2, arbitrary: fc.constantFrom<Fault>('dies', 'unknown', 'frozen') },
  ),
  { maxLength: 12 },
);

/** What happens to the user, or somebody changes the settings of the journey, which is live. */
type Event = Happening | { readonly kind: 'settings'; readonly exit: EarlyExit | null };

const stories = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: randomHappening },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('settings' as const), exit: randomExits }) },
  ),
  { minLength: 3, maxLength: 25 },
);

/** What a batch is written by; with tags by both of them. */
const WRITES: ReadonlySet<string> = new Set(['journeys.hold-lanes', 'journeys.move']);

const ACTIONS = ['received', 'opened', 'clicked'] as const;
const KIND_OF: Readonly<Record<MessageAction, string>> = {
  received: 'delivered',
  opened: 'opened',
  clicked: 'clicked',
};

let world: RunningJourneys;
let cases = 0;

beforeAll(async () => {
  world = await RunningJourneys.start();
  await world.hear();
});
afterAll(() => world.end());

function ofEvents(exit: EarlyExit | null): EarlyExit | null {
  return exit && { ...exit, whenNotInAudience: false };
}

/** Entered by events; splits by user, because the database gives runs their ids. */
function forDatabase(definition: Definition): Definition {
  const audience = { kind: 'event_trigger', name: 'start', attributes: [], runKey: null } as const;
  const earlyExit = ofEvents(definition.earlyExit);
  const text = JSON.stringify({ ...definition, audience, earlyExit });
  return JSON.parse(text.replaceAll('"randomizeOnEntry":true', '"randomizeOnEntry":false')) as Definition;
}

/** One user in one journey, on the real worker and beside it as somebody would read it. */
class Story {
  readonly #name: string;
  readonly #user: ReferenceUser;
  #journey: Journey;
  readonly #references: ReferenceRun[] = [];
  readonly #worker: JourneyWorker;
  readonly #faults: Fault[];

  constructor(name: string, userId: string, journey: Journey, faults: readonly Fault[]) {
    this.#name = name;
    this.#journey = journey;
    this.#faults = [...faults];
    this.#user = {
      id: userId,
      segments: new Set(),
      tags: new Map(),
      channels: new Set(['push', 'email']),
      now: world.clock.now(),
    };
    const over = (database: Queryable): Queryable => ({
      run: (...asked) => database.run(...asked),
      rows: async (statement, values) => {
        if (!WRITES.has(statement.name)) return database.rows(statement, values);
        const fault = this.#faults.shift() ?? 'none';
        if (fault === 'dies') throw new Error('it dies here');
        const isHeld = database !== world.laneDatabase && statement.name === 'journeys.move';
        // Nobody else gets lanes that are held.
        if (fault === 'frozen' && !isHeld) {
          await world.own();
          await world.work();
        }
        const rows = await database.rows(statement, values);
        if (fault === 'unknown' && database === world.laneDatabase) throw new Error('the answer is lost');
        return rows as never;
      },
    });
    this.#worker = world.workerOver({
      ...over(world.laneDatabase),
      transaction: (work) =>
        world.laneDatabase.transaction((transaction) => work({ ...transaction, ...over(transaction) })),
    });
  }

  /** As it is now: who comes in goes by it to the end. */
  get #definition(): Definition {
    return this.#journey.definition;
  }

  get #journeyId(): string {
    return this.#journey.id;
  }

  async happen(happening: Event): Promise<void> {
    const { segments, now } = this.#user;
    switch (happening.kind) {
      case 'start':
      case 'event': {
        const { k, order } = happening;
        const name = happening.kind === 'start' ? 'start' : happening.name;
        const due = happening.kind === 'start' ? { due: now / 1_000 + happening.due } : {};
        const properties = { k, order, ...due };
        await world.events.take(world.app, [{ name, external_id: this.#name, properties }]);
        const event = { id: '', name, properties, timestamp: '' };
        for (const run of this.#references) run.tell({ kind: 'event', event, at: now });
        if (name === 'start') {
          const ids = { journeyId: this.#journeyId, runId: '' };
          this.#references.push(new ReferenceRun(this.#definition, this.#user, ids, event));
        }
        return;
      }
      case 'session':
        await world.tell(this.#user.id, 'session', {});
        for (const run of this.#references) run.tell({ kind: 'session' });
        return;
      case 'segments': {
        await this.work();
        const entered = happening.now.filter((id) => !segments.has(id));
        const left = [...segments].filter((id) => !happening.now.includes(id));
        for (const id of left) segments.delete(id);
        for (const id of entered) segments.add(id);
        await world.putInto(this.#user.id, happening.now);
        for (const run of this.#references) run.tell({ kind: 'segments', entered, left });
        await this.work();
        return;
      }
      case 'settings': {
        await this.work();
        const definition = { ...this.#definition, earlyExit: ofEvents(happening.exit) };
        const version = this.#journey.version + 1;
        this.#journey = await world.change(this.#journey, { definition, version });
        return;
      }
      case 'message':
        await this.work();
        await this.#react(happening.action, happening.pick);
        await this.work();
        return;
      case 'time': {
        await this.work();
        await world.clock.advance(happening.seconds * 1_000);
        this.#user.now = world.clock.now();
        for (const run of this.#references) {
          const { until } = run.waiting;
          if (!run.isOver && until !== null && until <= this.#user.now) run.tell({ kind: 'timer' });
        }
        await this.work();
      }
    }
  }

  /** Where one run has sent to, the reference and the database may name runs differently: only where it is clear which. */
  async #react(action: MessageAction, pick: number): Promise<void> {
    const [run] = this.#references;
    if (this.#references.length !== 1 || run === undefined || run.sent.size === 0) return;
    const [node, done] = [...run.sent][pick % run.sent.size] ?? [];
    if (node === undefined || done === undefined) return;
    const actions = ACTIONS.slice(0, ACTIONS.indexOf(action) + 1);
    for (const one of actions) done.add(one);
    const nodeId = compileDefinition(this.#definition).ids.get(node);
    const [message] = await world.rows<{ id: string; run: string }>(
      `select m.id, m.request ->> 'run_id' as run from messages m
       where m.request ->> 'journey_id' = $1 and m.request ->> 'node_id' = $2`,
      [this.#journeyId, nodeId],
    );
    if (message === undefined) throw new Error(`node ${node} has made no message`);
    world.actions.set(message.id, new Set(actions.map((one) => KIND_OF[one])));
    const payload = { messageId: message.id, journeyId: this.#journeyId, runId: message.run, nodeId };
    await world.tell(this.#user.id, 'message_event', { ...payload, action: KIND_OF[action] });
    run.tell({ kind: 'message', node, action });
  }

  /** As the loop does: what failed is tried again. */
  async work(): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      const result = await this.#worker.work(world.owned, world.clock.now()).catch(() => null);
      if (result !== null && result.done === 0 && result.more !== true && result.refused !== true) return;
    }
    throw new Error('there is no end of work');
  }

  async check(): Promise<void> {
    await this.work();
    const found = await world.rows<{ steps: string[]; revs: number; lines: number }>(
      `select array_agg(concat_ws(' ', step, nullif(node, 0), branch) order by rev) as steps, max(rev) as revs, count(*)::int as lines
       from journey_trace where journey_id = $1 group by run_id`,
      [this.#journeyId],
    );
    for (const { revs, lines } of found) assertSame(revs, lines);
    const logs = found.map(({ steps }) => steps.flatMap((step) => this.#shown(step)).join(', '));
    assertSame(logs.toSorted(), this.#references.map(({ log }) => log.join(', ')).toSorted());
    await this.#checkFeed();
    const sent = await world.rows<{ node: string }>(
      `select m.request ->> 'node_id' as node from messages m join message_chunks c on c.message_id = m.id
       where m.request ->> 'journey_id' = $1`,
      [this.#journeyId],
    );
    const { ids } = compileDefinition(this.#definition);
    const expected = this.#references.flatMap((run) => [...run.sent.keys()].map((key) => ids.get(key) ?? ''));
    assertSame(sent.map(({ node }) => node).toSorted(), expected.toSorted());
    const [user] = await world.rows<{ tags: object }>('select tags from users where id = $1', [
      this.#user.id,
    ]);
    assertSame(
      Object.entries(user?.tags ?? {})
        .map(String)
        .toSorted(),
      [...this.#user.tags].map(String).toSorted(),
    );
  }

  /** Each coming and going is told once, in its order. */
  async #checkFeed(): Promise<void> {
    const happened = await world.rows<{ id: string; kinds: string[] }>(
      `select run_id as id, array_agg(case step when 'entered' then 'journey.entered' else 'journey.exited' end order by rev) as kinds
       from journey_trace where journey_id = $1 and step in ('entered', 'completed', 'exited early', 'stopped') group by run_id`,
      [this.#journeyId],
    );
    const told = new Map<unknown, string[]>();
    for (const { kind, data } of await world.told(this.#journey)) {
      told.set(data['run_id'], [...(told.get(data['run_id']) ?? []), kind]);
    }
    const expected = happened.map(({ id, kinds }) => `${id} ${kinds.join(' ')}`);
    const heard = [...told].map(([id, kinds]) => `${String(id)} ${kinds.join(' ')}`);
    assertSame(heard.toSorted(), expected.toSorted());
  }

  /** A run that waits for its tags says so; nobody who reads the journey does. */
  #shown(step: string): string[] {
    const [name = '', key = ''] = step.split(' ');
    const node = compileDefinition(this.#definition).places.get(Number(key))?.node;
    if (name === 'waited' && node?.kind === 'tag') return [];
    return step.startsWith('exited early') ? ['exited early'] : [step];
  }
}

function assertSame(actual: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${left} instead of ${right}`);
}

describe('the worker of journeys', () => {
  it('takes the steps that somebody who reads the journey would, once, whatever befalls its process', async () => {
    const property = fc.asyncProperty(
      randomDefinitions.map(forDatabase),
      stories,
      faults,
      async (definition, happenings, faults) => {
        cases += 1;
        await world.rows('delete from journeys');
        await world.rows('update journey_version set version = version + 1');
        await world.work();
        world.members.clear();
        const name = `user-${cases}-${newId()}`;
        const userId = await world.user(name);
        const story = new Story(name, userId, await world.journey(definition), faults);
        for (const happening of happenings) await story.happen(happening);
        await story.check();
      },
    );
    await expect(fc.assert(property, { numRuns: 40 })).resolves.toBeUndefined();
  }, 240_000);
});
