import { fileURLToPath } from 'node:url';
import { defineConnector, email, files, sql, table, tag } from '@carillon/connector';
import { readSettings } from './src/settings.ts';

interface Customer {
  id: string;
  first_name: string;
  email: string | null;
  language: string;
  orders: number;
  wants_mail: boolean;
  joined_at: Date | null;
}
interface Order {
  id: number;
  customer_id: number;
  status: string;
  carrier: string | null;
}

// The same demo fed from files: npm run connect -- sync --config examples/shop/files.config.ts
const settings = readSettings();

export default defineConnector({
  name: 'shop_files',
  source: files({
    tables: {
      customers: {
        path: fileURLToPath(new URL('files/customers.csv', import.meta.url)),
        types: { orders: 'number', wants_mail: 'boolean', joined_at: 'time' },
      },
      orders: { path: fileURLToPath(new URL('files/orders.jsonl', import.meta.url)), key: 'id' },
    },
  }),
  target: { url: settings.url, appId: settings.appId, apiKey: settings.apiKey },
  users: {
    model: sql<Customer>`SELECT * FROM customers`,
    key: 'id',
    dirtyWhen: { customers: 'id' },
    externalId: (customer) => `file-${customer.id}`,
    language: 'language',
    tags: { first_name: tag('first_name'), orders: tag('orders'), joined_at: tag('joined_at') },
    subscriptions: [email('email', { enabled: (customer: Customer) => customer.wants_mail })],
  },
  events: {
    order_shipped: {
      on: { table: table<Order>('orders'), becomes: { status: 'shipped' } },
      user: (order) => `file-${order.customer_id}`,
      data: (order) => ({ order_id: order.id, carrier: order.carrier }),
    },
  },
});
