import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JourneySimulationBody } from '@carillon/wire';
import { newId } from '../../../platform/ids.ts';
import type { Expression } from '../../audience/index.ts';
import type { Definition, Journey } from '../definition/definition.ts';
import {
  NO_EXIT,
  between,
  branch,
  definitionOf,
  eventTest,
  ofSegments,
  send,
  split,
  tag,
  timeWindow,
  wait,
  waitUntil,
  yesNo,
} from '../run/fixtures/definitions.ts';
import { SimulatedWorld } from './fixtures/simulated-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SEGMENT = newId();
const on = (event: string, cart = false) =>
  ({
    kind: 'event_trigger',
    event: eventTest(event, cart ? { matchEntry: [{ entryKey: 'cart', eventKey: 'cart' }] } : {}),
  }) as const;
const KEYED = { kind: 'event_trigger', name: 'start', attributes: [], runKey: 'cart' } as const;
const LOYAL: Expression = [
  [
    {
      kind: 'custom-event',
      name: 'order',
      relation: '>',
      times: 1,
      fromHours: 2,
      toHours: null,
      properties: [],
      match: 'all',
    },
  ],
];

let world: SimulatedWorld;
beforeAll(async () => {
  world = await SimulatedWorld.start();
});
afterAll(() => world.end());
beforeEach(() => world.clear());

const simulate = (journey: Journey, body: Partial<JourneySimulationBody> = {}) =>
  world.simulations.simulate(
    world.app,
    journey.id,
    { from: world.began, limit: 200, ...body },
    new AbortController().signal,
  );

/** Half a day of a shop, in which the journey really runs: about 80 events, always the same. */
async function liveHalfADay(definition: Definition, people: readonly string[]): Promise<Journey> {
  const journey = await world.journey(definition);
  let chance = 7;
  const pick = (of: readonly string[]): string => {
    chance = (chance * 16_807) % 2_147_483_647;
    return of[chance % of.length] ?? '';
  };
  for (let minute = 0; minute < 12 * 60; minute += 9) {
    const name = pick(['start', 'start', 'paid', 'order', 'order', 'other']);
    await world.happen(pick(people), name, { cart: pick(['a', 'b', 'c', 'd']), total: minute });
    await world.pass(9 * MINUTE);
  }
  return journey;
}

const SHAPES: readonly [title: string, Definition][] = [
  [
    'keyed runs that the same cart ends',
    definitionOf(
      [
        waitUntil(1, [[on('paid', true), branch(2)]], {
          durationSeconds: 3_600,
          exits: false,
          branch: branch(3, [send(4)]),
        }),
        send(5, 'send_push'),
      ],
      { audience: KEYED, goal: { event: on('paid', true).event, withinSeconds: 7_200 } },
    ),
  ],
  [
    'branches by chance, with people held out',
    definitionOf(
      [
        wait(1, 600),
        split(2, [
          [50, branch(3, [send(4)])],
          [50, branch(5, [wait(6, 120)])],
        ]),
        send(7),
      ],
      { holdOutPercent: 30 },
    ),
  ],
  [
    'tags, exits by an event and windows of time',
    definitionOf([tag(1, { stage: 'one' }), wait(2, 1_800), timeWindow(3, [between(9, 11)]), send(4)], {
      earlyExit: { ...NO_EXIT, onEvent: eventTest('paid'), tags: { left: 'early' } },
    }),
  ],
];

describe('a simulation of the past in which the journey really ran', () => {
  it.each(SHAPES)('foretells the same transitions and sends: %s', async (_, definition) => {
    const people = await world.people(6);
    const journey = await liveHalfADay(definition, people);
    const real = await world.realSteps(journey);
    expect(real.length).toBeGreaterThan(40);
    const { totals, people: shown } = await simulate(journey);
    expect(world.stepsOf(shown)).toEqual(real);
    expect(totals).toMatchObject({
      entered: totals?.really.entered,
      really: { both: totals?.entered, sends: await world.countMessages(journey) },
    });
    const sends = (totals?.nodes ?? []).flatMap((node) => node.sends ?? []);
    expect(sends).toEqual(sends.map(({ both }) => ({ simulated: both, really: both, both })));
  });

  it('foretells who is in which segment when, by events and by the passing of time', async () => {
    world.meanings.set(SEGMENT, LOYAL);
    const people = await world.people(4);
    const isLoyal = { kind: 'segment_membership', segmentIds: [SEGMENT] } as const;
    const definition = definitionOf(
      [wait(1, 600), yesNo(2, isLoyal, branch(3, [send(4)]), branch(5)), wait(6, 86_400)],
      {
        audience: ofSegments([SEGMENT]),
        reentrySeconds: 3_600,
        earlyExit: { ...NO_EXIT, whenNotInAudience: true },
      },
    );
    const journey = await liveHalfADay(definition, people);
    const real = await world.realSteps(journey);
    expect(real.some((line) => line.includes('not in audience'))).toBe(true);
    const { people: shown } = await simulate(journey);
    expect(world.stepsOf(shown)).toEqual(real);
  });
});

const draft = () => world.draft(definitionOf([wait(1, 3_600), send(2)]));

describe('a simulation of a draft', () => {
  it('tells who would have entered, got what and when, and who is still inside', async () => {
    const [ann = '', ben = ''] = await world.people(2);
    const journey = await draft();
    await world.happen(ann, 'start', { plan: 'pro' });
    await world.pass(30 * MINUTE);
    await world.happen(ben, 'start');
    await world.pass(45 * MINUTE);
    const answer = await simulate(journey);
    expect(answer.totals).toMatchObject({
      users: 2,
      entered: 2,
      completed: 1,
      inside: 1,
      nodes: [
        { kind: 'wait', steps: { waited: 1 }, waiting: 1 },
        { kind: 'send_email', steps: { sent: 1 }, sends: { simulated: 1, really: 0, both: 0 } },
      ],
      really: { entered: 0, both: 0, sends: 0 },
    });
    const annAnswer = answer.people.find(({ external_id: id }) => id === ann);
    expect(annAnswer?.runs).toMatchObject([
      { state: 'ended', sends: [{ channel: 'email', texts: null }], really: null },
    ]);
    const benAnswer = answer.people.find(({ external_id: id }) => id === ben);
    expect(benAnswer?.runs).toMatchObject([{ state: 'inside', waits_at_node_id: expect.any(String) }]);
  });

  it('is the same whenever it is asked, and writes nothing', async () => {
    const people = await world.people(3);
    const journey = await draft();
    for (const person of people) await world.happen(person, 'start');
    await world.pass(2 * HOUR);
    const to = world.now();
    const before = await world.allRows();
    const first = await simulate(journey, { to });
    await world.clock.advance(HOUR);
    expect(await simulate(journey, { to })).toEqual(first);
    expect(await world.allRows()).toEqual(before);
  });

  it('is of chosen people, of a change that is not made, and page by page', async () => {
    const people = await world.people(5);
    const journey = await draft();
    for (const person of people) await world.happen(person, 'start');
    await world.pass(2 * HOUR);
    const [ann = ''] = people;
    const one = await simulate(journey, { users: [{ label: 'external_id', value: ann }] });
    expect(one).toMatchObject({ totals: { users: 1, entered: 1 }, people: [{ external_id: ann }] });
    const changed = await simulate(journey, { changes: { hold_out_percent: 99 } });
    expect(changed.totals?.held_out).toBeGreaterThan(0);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await simulate(journey, { limit: 2, ...(cursor !== undefined && { cursor }) });
      expect(page.totals === null).toBe(cursor !== undefined);
      seen.push(...page.people.map(({ onesignal_id: id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    const whole = await simulate(journey);
    expect(seen).toEqual(whole.people.map(({ onesignal_id: id }) => id));
    expect(new Set(seen).size).toBe(5);
    await expect(simulate(journey, { limit: 2, cursor: 'x' })).rejects.toMatchObject({
      code: 'cursor-invalid',
    });
  });

  it('refuses what cannot be asked, and names the rule', async () => {
    const journey = await draft();
    const later = new Date(world.clock.now() + HOUR).toISOString();
    await expect(simulate(journey, { to: later })).rejects.toThrow('to must not lie in the future');
    await expect(simulate(journey, { from: world.now() })).rejects.toThrow('from must be earlier than to');
    await expect(simulate(journey, { from: '2020-01-01' })).rejects.toThrow('at most 400 days');
    await world.pass(MINUTE);
    await expect(
      simulate(journey, { users: [{ label: 'external_id', value: 'nobody' }] }),
    ).rejects.toMatchObject({ code: 'user-not-found' });
  });
});
