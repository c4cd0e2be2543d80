import { expect, it } from 'vitest';
import { Circuits } from './circuits.ts';
import { oneOfEach, waitingForProvider } from './waiting-for-provider.ts';

const shop = { appId: 'shop', channel: 'email' } as const;
const other = { appId: 'other', channel: 'email' } as const;
const LATER = Array.from({ length: 20 }, () => ({ state: 'retry', reason: 'no', afterMs: null }) as const);

const alone = (key: string) => [{ name: 'main', account: { key } }];

function brokenShop(): Circuits {
  const circuits = new Circuits();
  circuits.of(shop, alone('account'))[0]?.circuit.judge(LATER, 0);
  circuits.of(other, alone('account'))[0]?.circuit.judge([{ state: 'sent', ref: null }], 0);
  return circuits;
}

it('a circuit belongs to one app, channel and account', () => {
  const circuits = brokenShop();
  expect(circuits.isClosed(shop)).toBe(false);
  expect(circuits.isClosed(other)).toBe(true);
  expect(circuits.isClosed({ ...shop, channel: 'push' })).toBe(true);
  expect(circuits.broken()).toMatchObject([{ ...shop, state: { kind: 'open' } }]);
});

it('changed settings begin anew, and what still comes back of the old ones changes nothing', () => {
  const circuits = brokenShop();
  const old = circuits.of(shop, alone('account'))[0]?.circuit;
  const told: string[] = [];
  circuits.on((_, { kind }) => told.push(kind));
  expect(circuits.of(shop, alone('changed'))[0]?.circuit.state.kind).toBe('closed');
  expect(circuits.isClosed(shop)).toBe(true);
  old?.admit(5_000)?.end();
  expect(circuits.isClosed(shop)).toBe(true);
  expect(told).toEqual([]);
});

it('an outlet is broken while none of its providers works, and comes back by the first that may be tried', () => {
  const circuits = new Circuits();
  const both = [...alone('a'), { name: 'spare', account: { key: 'b' } }];
  const told: string[] = [];
  circuits.on(({ provider }, { kind }) => told.push(`${provider} ${kind}`));
  const [main, spare] = circuits.of(shop, both);
  main?.circuit.judge(LATER, 0);
  expect(circuits.isClosed(shop)).toBe(true);
  spare?.circuit.judge(LATER, 2_000);
  expect(circuits.isClosed(shop)).toBe(false);
  expect(circuits.broken()).toMatchObject([{ ...shop, state: { kind: 'open', until: 5_000 } }]);
  expect(told).toEqual(['main open', 'spare open']);
  // The spare one is given up: what is left is down.
  circuits.of(shop, alone('a'));
  expect(circuits.broken()).toHaveLength(1);
  circuits.of(shop, [...alone('a'), { name: 'new', account: { key: 'c' } }]);
  expect(circuits.isClosed(shop)).toBe(true);
});

it('who waits for a provider rests until its time, then one chunk of it may try', () => {
  const broken = brokenShop().broken();
  expect(waitingForProvider(broken, 4_999)).toEqual({
    resting: [
      { ...shop, priority: 'small' },
      { ...shop, priority: 'broadcast' },
    ],
    trying: [],
    nextTryAt: 5_000,
  });
  const { resting, trying } = waitingForProvider(broken, 5_000);
  expect(resting).toEqual([]);
  const chunk = { messageId: 'm', lane: 1, priority: 'small', targets: 1, asked: 9 } as const;
  const due = [
    { ...chunk, ...shop },
    { ...chunk, ...other },
    { ...chunk, ...shop, lane: 2 },
    { ...chunk, ...other, lane: 2 },
  ];
  expect(oneOfEach(due, trying).map(({ appId, lane }) => [appId, lane])).toEqual([
    ['shop', 1],
    ['other', 1],
    ['other', 2],
  ]);
  expect(oneOfEach(due, [])).toBe(due);
});
