import { defineConnector, email, onesignal, postgres, runWatch, sql, table, tag } from '@carillon/connector';

interface Customer {
  id: number;
  name: string;
  email: string;
  opted_in: boolean;
  orders: number;
}

interface Order {
  id: number;
  customer_id: number;
  status: string;
}

/** What tells one run's connector from another. */
export interface WatchSettings {
  readonly databaseUrl: string;
  readonly target: { readonly url: string; readonly appId: string; readonly apiKey: string };
  /** Writes of users a second that the target takes. */
  readonly rate: number;
  readonly home: string;
  readonly name: string;
}

/** A watch in a process of its own, to be killed. Its first argument says where both ends are. */
const { databaseUrl, target, rate, home, name } = JSON.parse(process.argv[2] ?? '') as WatchSettings;

const order = table<Order>('orders');
await runWatch(
  defineConnector({
    name,
    home,
    source: postgres({ url: databaseUrl, changes: 'cdc' }),
    target: onesignal({ ...target, plan: 'enterprise', rates: { users: rate } }),
    users: {
      model: sql<Customer>`
        SELECT c.*, (SELECT count(*)::int FROM orders o WHERE o.customer_id = c.id) AS orders FROM customers c`,
      key: 'id',
      dirtyWhen: { customers: 'id', orders: 'customer_id' },
      tags: { name: tag('name'), orders: tag('orders') },
      subscriptions: [email('email', { enabled: (customer: Customer) => customer.opted_in })],
      onDelete: 'delete',
    },
    events: {
      purchase: {
        on: { table: order, becomes: { status: 'paid' } },
        user: ({ customer_id }) => String(customer_id),
        data: ({ id }) => ({ order_id: id }),
      },
    },
    messages: {
      order_shipped: {
        on: { table: order, becomes: { status: 'shipped' } },
        to: ({ customer_id }) => ({ externalId: String(customer_id), channel: 'email' }),
        template: 'order-shipped',
        data: ({ id }) => ({ order_id: id }),
      },
    },
  }),
  {
    signal: new AbortController().signal,
    report: (report) => process.send?.(report),
  },
);
