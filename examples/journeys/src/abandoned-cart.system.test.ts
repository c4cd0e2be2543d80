import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Journey, JourneySimulation } from '@carillon/wire';
import { Rehearsal } from './rehearsal.ts';

let rehearsal: Rehearsal;
let journey: Journey;
beforeAll(async () => {
  rehearsal = await Rehearsal.start('abandoned-cart');
  journey = await rehearsal.apply('Abandoned cart');
  await rehearsal.play();
});
afterAll(() => rehearsal.end());

const MAILS = [
  // Ann's kettle, an hour after it was put there; touching the cart again begins nothing anew.
  '2026-11-02T11:00 ann cart-reminder',
  '2026-11-02T11:20 ann cart-reminder',
  // The kettle is worth a free delivery. The trowel was bought meanwhile.
  '2026-11-03T11:00 ann cart-free-delivery',
];

it('writes once for each cart that is left, and no more once that cart is bought', async () => {
  expect(await rehearsal.mails()).toEqual(MAILS);
});

it('is foretold by a simulation: the same mails, with what they say, and none more', async () => {
  const { from, to } = { from: '2026-11-02T00:00:00Z', to: rehearsal.data.until };
  const answer = await rehearsal.simulate(journey, { from, to, include_texts: true });
  expect(sendsOf(answer)).toEqual(MAILS.map((line) => line.slice(0, 20)));
  expect(answer.totals).toMatchObject({
    entered: 3,
    exited_early: { event: 2 },
    not_entered: { 'run with this key is inside': 1 },
    goals: 2,
    really: { entered: 3, both: 3, sends: 3 },
  });
  const ann = answer.people.find(({ external_id: id }) => id === 'ann');
  const kettle = ann?.runs.find(({ run_key: key }) => key === 'A1');
  expect(kettle?.sends.map(({ texts }) => texts?.rendered)).toMatchObject([
    {
      email_subject: 'Still thinking about a copper kettle?',
      email_body: expect.stringContaining('Ann, your cart'),
    },
    { email_subject: 'We bring a copper kettle for free' },
  ]);
});

it('tells before a change is made what would come of it', async () => {
  const [wait, ...nodes] = journey.nodes;
  const change = { nodes: [{ ...wait, duration_seconds: 600 }, ...nodes] };
  const asked = { from: '2026-11-02T00:00:00Z', to: rehearsal.data.until };
  const answer = await rehearsal.simulate(journey, { ...asked, changes: change });
  // After ten minutes instead of an hour: Ben hears of his rake before he has bought it.
  expect(sendsOf(answer)).toContain('2026-11-02T10:40 ben');
});

/** Who would have got something when. */
function sendsOf({ people }: JourneySimulation): string[] {
  return people
    .flatMap(({ external_id: who, runs }) =>
      runs.flatMap(({ sends }) => sends.map(({ at }) => `${at.slice(0, 16)} ${who}`)),
    )
    .toSorted();
}
