import { expect, it } from 'vitest';
import { Circuit } from './circuit.ts';
import { gateOf } from './gate.ts';

const DOWN = Array.from({ length: 20 }, () => ({ state: 'retry', reason: 'no', afterMs: null }) as const);

function down(at: number): Circuit {
  const circuit = new Circuit();
  circuit.judge(DOWN, at);
  return circuit;
}

it('a page may go while one provider works', () => {
  expect(gateOf([down(0), new Circuit()]).admit(0)?.most).toBe(Infinity);
});

it('a page waits while all are down, and a few may go when one may be tried', () => {
  const gate = gateOf([down(0), down(3_000)]);
  expect(gate.admit(4_999)).toBeNull();
  expect(gate.admit(5_000)?.most).toBe(8);
});

it('a page waits while the only one is being tried', () => {
  const circuit = down(0);
  circuit.admit(5_000);
  expect(gateOf([circuit]).admit(5_000)).toBeNull();
});
