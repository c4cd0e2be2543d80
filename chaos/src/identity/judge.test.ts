import { describe, expect, it } from 'vitest';
import type { Event, Seen } from './history.ts';
import { judge } from './judge.ts';
import type { Evidence } from './judge.ts';

const ids = { user: 'u', email: 'e', push: 'p' };
const seenAt = (write: number, more: Partial<Seen> = {}): Event => ({
  kind: 'seen',
  seen: { ids, parts: { tag: write, email: write }, subscriptions: 2, ...more },
});
const asked = (write: number): Event => ({ kind: 'asked', write });
const acknowledged = (write: number): Event => ({ kind: 'acknowledged', write, ids });
const evidence = (...events: Event[]): Evidence => ({
  kills: 1,
  histories: [{ person: 'anna', events }],
  broken: [],
  surplusUsers: 0,
});
const good = evidence(asked(1), acknowledged(1), asked(2), acknowledged(2), seenAt(2));

describe('the judge of identity', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(judge(good)).toMatchObject({
      broken: [],
      figures: { kills: 1, lost: 0, duplicated: 0, unaccounted: 0, acknowledged: 2 },
    });
  });

  it('takes a write that got no answer either way, and nobody where none was acknowledged', () => {
    expect(judge(evidence(asked(1), acknowledged(1), asked(2), seenAt(1))).broken).toEqual([]);
    expect(judge(evidence(asked(1), acknowledged(1), asked(2), seenAt(2))).broken).toEqual([]);
    expect(judge(evidence(asked(1), { kind: 'seen', seen: null })).broken).toEqual([]);
  });

  it('excuses a write without an answer that was done after a later one', () => {
    const late = judge(evidence(asked(1), asked(2), acknowledged(2), seenAt(1)));
    expect(late).toMatchObject({ broken: [], figures: { lost: 0, overtaken: 1 } });
  });

  it.each<[string, Event]>([
    ['is older', seenAt(1)],
    ['is nobody', { kind: 'seen', seen: null }],
  ])('counts an acknowledged write as lost when what is read %s', (_, seen) => {
    const events = [asked(1), acknowledged(1), asked(2), acknowledged(2), seen];
    expect(judge(evidence(...events)).figures).toMatchObject({ lost: 1 });
  });

  it.each<[string, Event]>([
    ['parts of two writes', seenAt(2, { parts: { tag: 2, email: 1 } })],
    ['a missing subscription', seenAt(2, { subscriptions: 1 })],
    ['a write that nobody asked for', seenAt(3)],
  ])('counts %s as unaccounted', (_, seen) => {
    const events = [asked(1), acknowledged(1), asked(2), seen];
    expect(judge(evidence(...events)).figures).toMatchObject({ unaccounted: 1 });
  });

  it.each<[string, Event]>([
    ['another id in an answer', { kind: 'acknowledged', write: 2, ids: { ...ids, user: 'v' } }],
    ['another id on reading', seenAt(1, { ids: { ...ids, email: 'f' } })],
    ['a third subscription', seenAt(1, { subscriptions: 3 })],
  ])('counts %s as duplicated', (_, event) => {
    expect(judge(evidence(asked(1), acknowledged(1), asked(2), event)).figures).toMatchObject({
      duplicated: 1,
    });
  });

  it('counts rows that disagree, and users that nobody created', () => {
    expect(judge({ ...good, broken: [{ rule: 'a token twice', rows: 2 }] })).toMatchObject({
      broken: ['2 rows: a token twice'],
      figures: { unaccounted: 2 },
    });
    expect(judge({ ...good, surplusUsers: 1 }).figures.unaccounted).toBe(1);
  });
});
