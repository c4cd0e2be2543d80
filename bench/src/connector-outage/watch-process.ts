import { carillon, defineConnector, postgres, runWatch, sql, table, tag } from '@carillon/connector';

export interface WatchSettings {
  readonly databaseUrl: string;
  readonly targetUrl: string;
  readonly home: string;
  readonly name: string;
}

interface Customer {
  readonly id: number;
  readonly version: string;
}

interface Order {
  readonly id: number;
  readonly customer_id: number;
  readonly status: string;
}

/** A watch in a process of its own, whose memory is nobody else's. Its first argument says where both ends are. */
const { databaseUrl, targetUrl, home, name } = JSON.parse(process.argv[2] ?? '') as WatchSettings;

await runWatch(
  defineConnector({
    name,
    home,
    source: postgres({ url: databaseUrl, changes: 'cdc' }),
    target: carillon({ url: targetUrl, appId: 'app', apiKey: 'key' }),
    users: {
      model: sql<Customer>`SELECT id, version FROM customers`,
      key: 'id',
      dirtyWhen: { customers: 'id' },
      tags: { version: tag('version') },
    },
    events: {
      purchase: {
        on: { table: table<Order>('orders'), becomes: { status: 'paid' } },
        user: ({ customer_id }) => String(customer_id),
        data: ({ id }) => ({ order_id: id }),
      },
    },
  }),
  {
    signal: new AbortController().signal,
    report: (report) => process.send?.(report),
  },
);
