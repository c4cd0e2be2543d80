import { expect, it } from 'vitest';
import { judgeSenders } from './judge-senders.ts';

const one = new Set(['15550100001']);

it('nobody is held back who has not opted out of a sender of the message', () => {
  expect(judgeSenders(['+15550100001'], new Set(), false)).toBeNull();
  expect(judgeSenders(['+15550100002', 'Shop'], one, false)).toBeNull();
});

it.each([
  ['a number', ['+15550100001']],
  ['the same in another spelling', ['15550100001 ']],
  ['a messaging service, whose number nobody knows', [`MG${'0'.repeat(32)}`]],
  ['what the provider chooses', [null]],
])('%s is not used for whoever has opted out of it', (_, senders) => {
  expect(judgeSenders(senders, one, true)).toEqual({
    kind: 'held',
    reason: 'opted out of texts from this sender (STOP)',
  });
});

it('another sender is used where the app lets it, and else none', () => {
  const senders = ['+15550100001', '+15550100002'];
  expect(judgeSenders(senders, one, true)).toEqual({ kind: 'narrowed', closed: new Set([0]) });
  expect(judgeSenders(senders, one, false)).toMatchObject({
    kind: 'held',
    reason: expect.stringContaining('use_other_senders is off'),
  });
});
