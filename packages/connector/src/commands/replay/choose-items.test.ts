import { expect, it } from 'vitest';
import type { RejectedRow } from '../../home/rejects.ts';
import type { EventItem } from '../../model/outbox-item.ts';
import { chooseItems } from './choose-items.ts';

const event: EventItem = {
  kind: 'event',
  id: 'the-key',
  name: 'purchase',
  externalId: 'customer-7',
  at: '2026-11-26T12:00:00.000Z',
  properties: {},
};
const seen = { firstSeen: 1000, lastSeen: 5000, attempts: 1 };
const rejects: readonly RejectedRow[] = [
  { what: 'user', key: '7', field: 'email', rule: 'is not an email address', ...seen },
  { what: 'user', key: '7', field: 'phone', rule: 'is not E.164', ...seen },
  {
    what: 'event',
    key: 'the-key',
    field: 'target',
    rule: 'no',
    externalId: 'customer-7',
    item: event,
    ...seen,
    lastSeen: 9000,
  },
  { what: 'event', key: 'other', field: 'mapping', rule: 'x is undefined', ...seen },
];

it('sends each thing once, under its own key, and not what was never mapped', () => {
  expect(chooseItems(rejects, { kind: 'failed' })).toEqual([
    { kind: 'user', key: '7', again: true },
    { ...event, again: true },
  ]);
});

it('chooses by the key, by the external id, and by when it was refused last', () => {
  expect(chooseItems(rejects, { kind: 'id', id: '7' })).toEqual([{ kind: 'user', key: '7', again: true }]);
  expect(chooseItems(rejects, { kind: 'id', id: 'customer-7' })).toEqual([{ ...event, again: true }]);
  expect(chooseItems(rejects, { kind: 'since', at: 6000 })).toEqual([{ ...event, again: true }]);
});
