import { describe, expect, it } from 'vitest';
import { defineConnector } from '../config/define-connector.ts';
import { sql, table } from '../config/fields.ts';
import { postgres } from '../config/postgres.ts';
import { planItems } from './plan-items.ts';
import type { Change } from './transition.ts';

interface Order {
  id: number;
  customer_id: number;
  status: string;
  paid_at: Date | null;
}

const connector = defineConnector({
  source: postgres({ url: 'postgres://shop' }),
  target: { url: 'http://carillon', appId: 'app', apiKey: 'key' },
  users: {
    model: sql<{ id: number }>`SELECT * FROM customers`,
    key: 'id',
    dirtyWhen: { customers: 'id', orders: 'customer_id' },
  },
  events: {
    purchase: {
      on: { table: table<Order>('orders'), becomes: { status: 'paid' } },
      user: (order) => String(order.customer_id),
      at: 'paid_at',
      data: (order) => ({ order_id: order.id }),
    },
  },
  messages: {
    shipped: {
      on: { table: table<Order>('orders'), becomes: { status: 'shipped' } },
      to: (order) => ({ externalId: String(order.customer_id), channel: 'email' }),
      template: 'order-shipped',
      maxAge: '2h',
    },
  },
});

const NOW = Date.parse('2026-11-01T12:00:00Z');
const nothingDone = () => false;

function change(row: Partial<Order>, before: Partial<Order> | null = null): Change {
  const kind = before === null ? 'insert' : 'update';
  return { table: 'public.orders', key: [String(row.id)], row, before, kind, at: NOW };
}

function failing(): never {
  throw new Error('no customer');
}

function idOf(row: Partial<Order>): string | null {
  const item = planItems(connector, [change(row)], nothingDone).items[1];
  return item !== undefined && 'id' in item ? item.id : null;
}

describe('what changes call for', () => {
  it('is one look at a user, however many of its rows changed', () => {
    const changes = [1, 2, 3].map((id) => change({ id, customer_id: 7, status: 'new' }));
    expect(planItems(connector, changes, nothingDone).items).toEqual([{ kind: 'user', key: '7' }]);
  });

  it('marks both users when a row moves from one to the other', () => {
    const moved = change({ id: 1, customer_id: 8, status: 'new' }, { id: 1, customer_id: 7, status: 'new' });
    expect(planItems(connector, [moved], nothingDone).items).toEqual([
      { kind: 'user', key: '8' },
      { kind: 'user', key: '7' },
    ]);
  });

  it('is a message when a row reaches the state, with the user before it', () => {
    const shipped = change(
      { id: 1, customer_id: 7, status: 'shipped' },
      { id: 1, customer_id: 7, status: 'paid' },
    );
    expect(planItems(connector, [shipped], nothingDone).items).toEqual([
      { kind: 'user', key: '7' },
      {
        kind: 'message',
        id: expect.stringMatching(/^[0-9a-f-]{14}3[0-9a-f-]{21}$/),
        name: 'shipped',
        externalId: '7',
        channel: 'email',
        template: 'order-shipped',
        data: {},
        notAfter: NOW + 7_200_000,
      },
    ]);
  });

  it('is an event with the time that the row gives', () => {
    const paid = change({ id: 4, customer_id: 7, status: 'paid', paid_at: new Date('2026-10-31T08:00:00Z') });
    expect(planItems(connector, [paid], nothingDone).items[1]).toMatchObject({
      kind: 'event',
      at: '2026-10-31T08:00:00.000Z',
      properties: { order_id: 4 },
    });
  });

  it('is nothing more when the row was in the state before, or the transition is done with', () => {
    const again = change(
      { id: 1, customer_id: 7, status: 'shipped' },
      { id: 1, customer_id: 7, status: 'shipped' },
    );
    const first = change({ id: 1, customer_id: 7, status: 'shipped' });
    expect(planItems(connector, [again], nothingDone).items).toHaveLength(1);
    expect(planItems(connector, [first], () => true).items).toHaveLength(1);
    expect(planItems(connector, [first, first], nothingDone).items).toHaveLength(2);
  });

  it('has the same key for the same transition, and another for every other', () => {
    const one = idOf({ id: 1, customer_id: 7, status: 'shipped' });
    expect(idOf({ id: 1, customer_id: 9, status: 'shipped' })).toBe(one);
    expect(idOf({ id: 2, customer_id: 7, status: 'shipped' })).not.toBe(one);
    expect(idOf({ id: 1, customer_id: 7, status: 'paid' })).not.toBe(one);
  });

  it('is both an event and a message of the same name', () => {
    const on = { table: 'orders', becomes: { status: 'shipped' } };
    const { items } = planItems(
      {
        ...connector,
        events: { same: { on, user: () => '7' } },
        messages: { same: { on, to: () => ({ externalId: '7', channel: 'email' }), template: 'x' } },
      },
      [change({ id: 1, customer_id: 7, status: 'shipped' })],
      nothingDone,
    );
    expect(items.map(({ kind }) => kind)).toEqual(['user', 'event', 'message']);
  });

  it('is a reject where the mapping throws', () => {
    const on = { table: 'orders', becomes: { status: 'shipped' } };
    const { items, rejects } = planItems(
      { ...connector, messages: { broken: { on, to: failing, template: 'order-shipped' } } },
      [change({ id: 1, customer_id: 7, status: 'shipped' })],
      nothingDone,
    );
    expect(items).toHaveLength(1);
    expect(rejects).toMatchObject([{ what: 'message', field: 'mapping', rule: 'no customer' }]);
  });
});
