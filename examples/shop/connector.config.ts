import { defineConnector, email, postgres, sql, table, tag } from '@carillon/connector';
import { readSettings } from './src/settings.ts';
import type { Customer, Order } from './src/shop/schema.ts';

// The demo starts everything and leaves the addresses and the key where this finds them. In a
// deployment of one's own they come from the environment.
const settings = readSettings();

export default defineConnector({
  name: 'shop',
  home: settings.connectorHome,
  source: postgres({ url: settings.shopDatabaseUrl }),
  target: { url: settings.url, appId: settings.appId, apiKey: settings.apiKey },

  // Every customer is a user. The query runs again for those whose rows change, and only for them.
  users: {
    model: sql<Customer & { orders: number; spent: string; last_order_at: Date | null }>`
      SELECT c.*, count(o.id)::int AS orders, coalesce(sum(o.total), 0) AS spent, max(o.placed_at) AS last_order_at
      FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.status <> 'cancelled'
      GROUP BY c.id`,
    key: 'id',
    dirtyWhen: { customers: 'id', orders: 'customer_id' },
    language: 'language',
    country: 'country',
    timezone: 'timezone',
    tags: {
      first_name: tag('first_name'),
      orders: tag('orders'),
      spent: tag('spent', { round: 2 }),
      last_order_at: tag('last_order_at'),
    },
    subscriptions: [email('email', { enabled: (customer: Customer) => customer.wants_mail })],
  },

  // An order that becomes shipped is an event: journeys begin with it.
  events: {
    order_shipped: {
      on: { table: table<Order>('orders'), becomes: { status: 'shipped' } },
      user: (order) => String(order.customer_id),
      at: 'shipped_at',
      data: (order) => ({ order_id: order.id, carrier: order.carrier, total: order.total }),
    },
  },

  // And it is a message, once for each order, while it is still news.
  messages: {
    order_shipped: {
      on: { table: table<Order>('orders'), becomes: { status: 'shipped' } },
      to: (order) => ({ externalId: String(order.customer_id), channel: 'email' }),
      template: 'order-shipped',
      data: ({ id, items, total, carrier, tracking_code }) => ({
        order_id: id,
        items,
        total,
        carrier,
        tracking_code,
      }),
      maxAge: '2h',
    },
  },

  // What happens to messages comes back into a table of the shop. Whoever wants no more mails, or whose
  // address takes none, is noted in the shop's own row, in the same transaction.
  back: {
    table: 'message_events',
    writes: {
      unsubscribed: ({ externalId }) =>
        sql`UPDATE customers SET wants_mail = false WHERE id = ${externalId}::int`,
      bounced: ({ externalId, address }) =>
        sql`UPDATE customers SET wants_mail = false WHERE id = ${externalId}::int AND lower(email) = lower(${address})`,
    },
  },
});
