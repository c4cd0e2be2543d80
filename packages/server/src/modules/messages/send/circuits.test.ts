import { expect, it } from 'vitest';
import { Circuits } from './circuits.ts';
import { oneOfEach, waitingForProvider } from './waiting-for-provider.ts';

const shop = { appId: 'shop', channel: 'email' } as const;
const other = { appId: 'other', channel: 'email' } as const;
const LATER = Array.from({ length: 20 }, () => ({ state: 'retry', reason: 'no', afterMs: null }) as const);

function brokenShop(): Circuits {
  const circuits = new Circuits();
  circuits.of(shop, 'account').judge(LATER, 0);
  circuits.of(other, 'account').judge([{ state: 'sent', ref: null }], 0);
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
  const old = circuits.of(shop, 'account');
  const told: string[] = [];
  circuits.on((_, { kind }) => told.push(kind));
  expect(circuits.of(shop, 'changed').state.kind).toBe('closed');
  expect(circuits.isClosed(shop)).toBe(true);
  old.admit(5_000)?.end();
  expect(circuits.isClosed(shop)).toBe(true);
  expect(told).toEqual([]);
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
