import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConnector, email, onesignal, postgres, runSync, sql, tag } from '@carillon/connector';
import { startOneSignalFake } from '@carillon/onesignal-fake';
import type { Scenario } from '../scenario.ts';
import { judge } from './judge.ts';

const MOST_A_SECOND = 1000;

export const connectorStorm: Scenario = {
  about:
    'a first load by the connector to a server whose cap of writes jumps between 50 and 1,000 a second every ten seconds and that sends whoever runs into it away for 1 to 5 seconds; then what was wasted, what was used of what was permitted, and whether all that was acknowledged is there (--seconds N, --every N)',
  async run(chaos) {
    const seed = chaos.number('seed', 1);
    const { database, url } = await chaos.database();
    const users = Math.ceil((chaos.durationMs / 1000) * MOST_A_SECOND);
    await database.run(
      { name: '', text: 'create table customers (id int primary key, name text, email text)' },
      [],
    );
    await database.run(
      {
        name: '',
        text: `insert into customers select n, 'Person ' || n, 'p' || n || '@example.com' from generate_series(101, 100 + $1::int) n`,
      },
      [users],
    );
    const everyMs = chaos.number('every', 10) * 1000;
    const flapping = { least: 50, most: MOST_A_SECOND, everyMs, retryAfter: [1, 5] } as const;
    const fake = await startOneSignalFake({ plan: 'enterprise', faults: { seed, flapping, delayMs: 5 } });
    chaos.afterwards(() => fake.stop());
    const home = await mkdtemp(join(tmpdir(), 'carillon-storm-'));
    chaos.afterwards(() => rm(home, { recursive: true }));
    const connector = defineConnector({
      name: 'storm',
      home,
      source: postgres({ url, changes: 'cursor' }),
      target: onesignal({ url: fake.url, appId: fake.appId, apiKey: fake.apiKey, plan: 'enterprise' }),
      users: {
        model: sql<{ id: number; name: string; email: string }>`SELECT * FROM customers`,
        key: 'id',
        dirtyWhen: { customers: 'id' },
        tags: { name: tag('name') },
        subscriptions: [email('email')],
      },
    });
    let acknowledged = 0;
    await runSync(connector, {
      signal: AbortSignal.timeout(chaos.durationMs),
      report(report) {
        if (report.kind === 'delivered') acknowledged += report.batch.users;
      },
    });
    const count = fake.limits.counts().users ?? { accepted: 0, refused: 0, early: 0, permitted: 0 };
    const verdict = judge({ ...count, acknowledged, arrived: fake.app.people.size });
    chaos.say(
      `${count.accepted} taken of ${Math.round(count.permitted)} permitted, ${count.refused} refused, ${count.early} too early`,
    );
    return verdict;
  },
};
