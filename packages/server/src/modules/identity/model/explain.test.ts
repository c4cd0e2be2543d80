import { expect, test } from 'vitest';
import { describeWorld } from './describe-world.ts';
import { explain } from './explain.ts';
import type { Deed } from './explain.ts';
import { World } from './world.ts';

const NOW = 1_000;
const anna = { id: 'u1', aliases: { external_id: 'anna' }, tags: {}, sessions: 0, lastActive: 0 };
const byName = { label: 'external_id', value: 'anna' };
const before = new World([anna]);

const tag = (key: string): Deed => ({
  operation: { do: 'update user', user: byName, tags: { [key]: 'x' } },
  told: { status: 202, tags: { [key]: 'x' } },
});
const remove: Deed = {
  operation: { do: 'delete user', user: byName },
  told: { status: 202, identity: { onesignal_id: 'u1' } },
};
const is = (stored: World) => (world: World) => describeWorld(world) === describeWorld(stored);

test('two updates at once are explained when both are there', () => {
  const both = new World([{ ...anna, tags: { a: 'x', b: 'x' } }]);
  expect(explain(before, NOW, [[tag('a')], [tag('b')]], is(both))).not.toBeNull();
});

test('an update that was answered and is not there is explained by no order', () => {
  const one = new World([{ ...anna, tags: { a: 'x' } }]);
  expect(explain(before, NOW, [[tag('a')], [tag('b')]], is(one))).toBeNull();
});

test('an update and a deletion at once are explained by the order in which both went well', () => {
  expect(explain(before, NOW, [[remove], [tag('a')]], is(new World()))).not.toBeNull();
});

test('the operations of one client keep their order', () => {
  expect(explain(before, NOW, [[remove, tag('a')]], is(new World()))).toBeNull();
});

test('an id that the server had given out already is no new one', () => {
  const again: Deed = {
    operation: { do: 'create user', identity: { external_id: 'ben' } },
    told: { status: 201, identity: { onesignal_id: 'u1', external_id: 'ben' }, tags: {}, subscriptions: [] },
  };
  expect(explain(before, NOW, [[again]], () => true)).toBeNull();
});
