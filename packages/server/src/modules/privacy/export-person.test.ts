import { expect, it } from 'vitest';
import type { Person, PersonalData } from '../identity/index.ts';
import { exportPerson } from './export-person.ts';

const person: Person = {
  appId: 'app',
  users: [
    { lane: 1, userId: 'now' },
    { lane: 2, userId: 'before' },
  ],
  subscriptions: [],
  aliases: [],
  addresses: [],
};
const user = {
  identity: { onesignal_id: 'now' },
  properties: { tags: {}, first_active: 0, last_active: 0 },
  subscriptions: [],
};
const NOW = Date.UTC(2026, 10, 25);

function partOf(name: string, records: () => Iterable<object>): PersonalData {
  return {
    name,
    async *exportOf() {
      yield* records();
    },
    erase: async () => [],
  };
}

it('an export is one document with every part, also those that hold nothing', async () => {
  const parts = [
    partOf('events', () => [{ n: 1 }, { n: 2 }]),
    partOf('runs', () => []),
    { ...partOf('inbox', () => []), exportOf: null },
  ];
  let text = '';
  for await (const piece of exportPerson(user, person, parts, NOW)) text += piece;
  expect(JSON.parse(text)).toEqual({
    app_id: 'app',
    exported_at: '2026-11-25T00:00:00.000Z',
    user,
    former_onesignal_ids: ['before'],
    events: [{ n: 1 }, { n: 2 }],
    runs: [],
  });
});

it('an export of 100,000 records is read as it is taken, and no piece of it is large', async () => {
  let read = 0;
  const many = function* () {
    for (; read < 100_000; read += 1) yield { name: 'event', properties: { text: 'x'.repeat(200) } };
  };
  const pieces = exportPerson(user, person, [partOf('events', many)], NOW);
  const first = await pieces.next();
  expect(first.done).toBe(false);
  expect(read).toBeLessThan(1_000);
  for await (const piece of pieces) expect(piece.length).toBeLessThan(70_000);
  expect(read).toBe(100_000);
});
