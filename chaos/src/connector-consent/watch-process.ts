import { defineConnector, email, postgres, runWatch, sql, tag } from '@carillon/connector';

interface Customer {
  id: number;
  name: string;
  email: string;
  opted_in: boolean;
  opted_in_at: Date;
}

/** What tells one run's connector from another. */
export interface WatchSettings {
  readonly databaseUrl: string;
  readonly targetUrl: string;
  readonly home: string;
  readonly name: string;
}

/** A watch in a process of its own, to be killed. Its first argument says where both ends are. */
const { databaseUrl, targetUrl, home, name } = JSON.parse(process.argv[2] ?? '') as WatchSettings;

await runWatch(
  defineConnector({
    name,
    home,
    source: postgres({ url: databaseUrl, changes: 'cdc' }),
    target: { url: targetUrl, appId: 'the-app', apiKey: 'the-key' },
    users: {
      model: sql<Customer>`SELECT * FROM customers`,
      key: 'id',
      dirtyWhen: { customers: 'id' },
      tags: { name: tag('name') },
      subscriptions: [
        email('email', { enabled: (customer: Customer) => customer.opted_in, consentAt: 'opted_in_at' }),
      ],
    },
  }),
  {
    signal: new AbortController().signal,
    report: () => undefined,
  },
);
