import { expect, it } from 'vitest';
import { Circuit } from './circuit.ts';
import { gateOf } from './gate.ts';
import { LearnedRate } from './learned-rate.ts';

const DOWN = Array.from({ length: 20 }, () => ({ state: 'retry', reason: 'no', afterMs: null }) as const);

const working = () => ({ circuit: new Circuit(), rate: new LearnedRate(), domains: new Map() });

function down(at: number) {
  const provider = working();
  provider.circuit.judge(DOWN, at);
  return provider;
}

it('a page may go while one provider works', () => {
  expect(gateOf([down(0), working()]).admit(0)?.most).toBe(Infinity);
});

it('a page waits while all are down, and a few may go when one may be tried', () => {
  const gate = gateOf([down(0), down(3_000)]);
  expect(gate.admit(4_999)).toBeNull();
  expect(gate.admit(5_000)?.most).toBe(8);
});

it('a page waits while the only one is being tried', () => {
  const one = down(0);
  one.circuit.admit(5_000);
  expect(gateOf([one]).admit(5_000)).toBeNull();
});

it('a page is as large as two seconds of what providers take', () => {
  const one = working();
  one.rate.learn({ accepted: 100, limited: 1, afterMs: null }, 0);
  expect(gateOf([one]).admit(0)?.most).toBe(160);
  expect(gateOf([one, working()]).admit(0)?.most).toBe(Infinity);
});
