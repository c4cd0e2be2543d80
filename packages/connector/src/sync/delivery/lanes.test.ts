import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lanes } from './lanes.ts';
import type { Work } from './work.ts';

let made = 0;
function user(lane: string): Work {
  made += 1;
  const user = { key: lane, externalId: lane, aliases: {}, properties: { tags: {} }, subscriptions: [] };
  const places = [{ end: { segment: 0, offset: made }, done: false }];
  return { kind: 'user', lane, places, user, readAt: made, again: false };
}
function event(lane: string): Work {
  made += 1;
  const properties = {};
  const item = { kind: 'event', id: String(made), name: 'e', externalId: lane, at: '', properties } as const;
  return { kind: 'event', lane, places: [{ end: { segment: 0, offset: made }, done: false }], item };
}
const offsetsOf = (works: readonly Work[]) =>
  works.flatMap(({ places }) => places.map(({ end }) => end.offset));

describe('lanes', () => {
  it('let one thing of a user out at a time, and those of others beside it', () => {
    const lanes = new Lanes();
    const [a1, a2, b1] = [user('a'), event('a'), user('b')];
    for (const work of [a1, a2, b1]) lanes.add(work);
    expect(lanes.take('event', 10)).toEqual([]);
    expect(lanes.take('user', 10)).toEqual([a1, b1]);
    expect(lanes.take('event', 10)).toEqual([]);
    lanes.free(['a']);
    expect(lanes.take('event', 10)).toEqual([a2]);
  });

  it('make one write of those that wait, the last one, in the place of the first', () => {
    const lanes = new Lanes();
    const [first, second, third] = [user('a'), user('a'), user('a')];
    lanes.add(first);
    expect(lanes.take('user', 1)).toEqual([first]);
    // The first is under way: what it sends is settled. These two wait.
    const both = offsetsOf([second, third]);
    lanes.add(second);
    lanes.add(event('a'));
    lanes.add(third);
    lanes.free(['a']);
    const [merged] = lanes.take('user', 1);
    expect(merged).toMatchObject({ readAt: third.kind === 'user' ? third.readAt : 0 });
    expect(offsetsOf(merged === undefined ? [] : [merged])).toEqual(both);
  });

  it('gather what changes in a user who was just written, until the rest is over', () => {
    const lanes = new Lanes();
    const [first, second, third] = [user('a'), user('a'), user('a')];
    lanes.add(first);
    lanes.take('user', 1);
    lanes.rest('a', 2000);
    lanes.free(['a']);
    expect(lanes.isResting).toBe(false);
    const both = offsetsOf([second, third]);
    lanes.add(second);
    lanes.add(third);
    lanes.wake(1999);
    expect(lanes.take('user', 1)).toEqual([]);
    expect(lanes.isResting).toBe(true);
    lanes.wake(2000);
    expect(offsetsOf(lanes.take('user', 1))).toEqual(both);
    expect(lanes.isResting).toBe(false);
  });

  it('end the rest of a user as soon as news of them comes, and let the write go before it', () => {
    const lanes = new Lanes();
    const [write, news] = [user('a'), event('a')];
    lanes.rest('a', 2000);
    lanes.add(write);
    expect(lanes.take('user', 1)).toEqual([]);
    lanes.add(news);
    expect(lanes.take('user', 1)).toEqual([write]);
    lanes.free(['a']);
    expect(lanes.take('event', 1)).toEqual([news]);
  });

  it('keep the order of a user and lose nothing, whatever comes in which order', () => {
    const step = fc.tuple(
      fc.constantFrom('user', 'event', 'free', 'take', 'rest', 'wake'),
      fc.constantFrom('a', 'b', 'c'),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const lanes = new Lanes();
        let now = 0;
        const added = new Map<string, number[]>();
        const taken: Work[] = [];
        const out = new Set<string>();
        const take = () => {
          const works = [...lanes.take('event', 2), ...lanes.take('user', 2)];
          for (const lane of new Set(works.map(({ lane }) => lane))) {
            expect(out.has(lane)).toBe(false);
            out.add(lane);
          }
          taken.push(...works);
          return works.length;
        };
        const free = (lane: string) => {
          if (out.delete(lane)) lanes.free([lane]);
        };
        for (const [what, lane] of steps) {
          if (what === 'take') take();
          else if (what === 'free') free(lane);
          else if (what === 'rest') lanes.rest(lane, now + 2);
          else if (what === 'wake') lanes.wake((now += 1));
          else {
            const work = what === 'user' ? user(lane) : event(lane);
            added.set(lane, [...(added.get(lane) ?? []), ...offsetsOf([work])]);
            lanes.add(work);
          }
        }
        lanes.wake(now + 2);
        do for (const lane of ['a', 'b', 'c']) free(lane);
        while (take() > 0);
        for (const [lane, offsets] of added) {
          const works = taken.filter((work) => work.lane === lane);
          expect(offsetsOf(works).toSorted((a, b) => a - b)).toEqual(offsets);
          // An event never goes before a write that came before it, nor before an earlier event.
          const events = works.filter(({ kind }) => kind === 'event');
          expect(offsetsOf(events)).toEqual(offsetsOf(events).toSorted((a, b) => a - b));
          for (const event of events) {
            const at = works.indexOf(event);
            const before = offsets.filter((offset) => offset < (offsetsOf([event])[0] ?? 0));
            expect(offsetsOf(works.slice(0, at))).toEqual(expect.arrayContaining(before));
          }
        }
      }),
    );
  });
});
