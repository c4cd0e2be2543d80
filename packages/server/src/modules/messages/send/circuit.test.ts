import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../channels/index.ts';
import { Circuit } from './circuit.ts';

const SENT: Outcome = { state: 'sent', ref: null };
const REFUSED: Outcome = { state: 'failed', reason: '550 no such user' };
const LATER: Outcome = { state: 'retry', reason: '421 try later', afterMs: null };
const many = (count: number, outcome: Outcome) => Array.from({ length: count }, () => outcome);

/** A circuit that a page of failures has just opened, at time 0. */
function broken(): Circuit {
  const circuit = new Circuit();
  circuit.judge(many(20, LATER), 0);
  return circuit;
}

/** Hands a probe over at `now`; what became of it. */
function probe(circuit: Circuit, now: number, outcome: Outcome): string {
  const admission = circuit.admit(now);
  const [judged] = circuit.judge([outcome], now);
  admission?.end();
  return judged?.state ?? 'none';
}

describe('a circuit', () => {
  it('opens when nearly all of the last answers say "not now", and holds what failed with them', () => {
    const circuit = new Circuit();
    const page = [...many(2, SENT), ...many(18, LATER)];
    expect(circuit.judge(page, 0).map(({ state }) => state)).toEqual([
      ...many(2, SENT).map(() => 'sent'),
      ...many(18, LATER).map(() => 'held'),
    ]);
    expect(circuit.state).toMatchObject({ kind: 'open', since: 0, until: 5_000, reason: '421 try later' });
    expect(circuit.admit(4_999)).toBeNull();
  });

  it.each<[string, readonly Outcome[]]>([
    ['one recipient that is deferred', many(1, LATER)],
    ['fewer answers than say something', many(9, LATER)],
    ['refused recipients and contents', many(500, REFUSED)],
    ['a third that is taken', [...many(7, SENT), ...many(13, LATER)]],
    ['failures before the latest answers', [...many(100, LATER), ...many(20, SENT)]],
  ])('stays closed at %s', (_, page) => {
    const circuit = new Circuit();
    expect(circuit.judge(page, 0)).toEqual(page);
    expect(circuit.state.kind).toBe('closed');
    expect(circuit.admit(0)?.most).toBe(Infinity);
  });

  it('forgets answers after a minute: one mailbox that is tried again for hours opens nothing', () => {
    const circuit = new Circuit();
    for (let n = 0; n < 100; n += 1) circuit.judge([LATER], n * 20_000);
    expect(circuit.state.kind).toBe('closed');
  });

  it('lets one small page through after the pause, and everything once that is answered', () => {
    const circuit = broken();
    const admission = circuit.admit(5_000);
    expect(admission?.most).toBe(8);
    expect(circuit.admit(5_000)).toBeNull();
    circuit.judge([SENT, REFUSED], 5_100);
    admission?.end();
    expect(circuit.state.kind).toBe('closed');
  });

  it('lets another page try when the first reached nobody', () => {
    const circuit = broken();
    circuit.admit(5_000)?.end();
    expect(circuit.admit(5_000)?.most).toBe(8);
  });

  it('waits twice as long after each probe that fails, up to a minute, and counts those as attempts', () => {
    const circuit = broken();
    const pauses: number[] = [];
    for (let n = 0, now = 5_000; n < 6; n += 1) {
      expect(probe(circuit, now, LATER)).toBe('retry');
      const { state } = circuit;
      const until = state.kind === 'open' ? state.until : now;
      pauses.push(until - now);
      now = until;
    }
    expect(pauses).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
    expect(circuit.state).toMatchObject({ since: 0 });
  });

  it('waits longer when it breaks again at once, and as at first when it had recovered', () => {
    const soon = broken();
    probe(soon, 5_000, SENT);
    soon.judge(many(20, LATER), 6_000);
    expect(soon.state).toMatchObject({ until: 16_000 });
    const later = broken();
    probe(later, 5_000, SENT);
    later.judge(many(20, LATER), 100_000);
    expect(later.state).toMatchObject({ until: 105_000 });
  });

  it('holds what comes back late, and is not closed by it', () => {
    const circuit = broken();
    expect(circuit.judge([LATER, SENT], 100)).toEqual([
      { state: 'held', reason: LATER.state === 'retry' ? LATER.reason : '', until: 5_000 },
      SENT,
    ]);
    expect(circuit.state.kind).toBe('open');
    expect(circuit.judge([LATER], 7_000)).toMatchObject([{ until: 7_000 }]);
  });

  it('tells every change', () => {
    let changes = 0;
    const circuit = new Circuit(() => (changes += 1));
    circuit.judge(many(20, LATER), 0);
    probe(circuit, 5_000, SENT);
    expect(changes).toBe(3);
  });
});
