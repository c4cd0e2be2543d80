import { parseArgs } from 'node:util';
import { Client, LoadFailed } from '@carillon/client';
import { readSettings } from './settings.ts';
import { personOf } from './shop/people.ts';

// Loads invented customers into the running demo, all in one go: npm run demo:load -- 5000
// When it ends early it says with which line to go on: npm run demo:load -- 5000 --from 1234
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { from: { type: 'string', default: '1' } },
});
const count = Number(positionals[0] ?? '5000');
const fromLine = Number(values.from);

function* customers() {
  for (let n = 1; n <= count; n += 1) {
    const { first_name, email, language, country, timezone, wants_mail } = personOf(n);
    yield {
      identity: { external_id: `loaded-${n}` },
      properties: { tags: { first_name, loaded: 'yes' }, language, country, timezone_id: timezone },
      subscriptions: [{ type: 'Email' as const, token: `loaded.${email}`, enabled: wants_mail }],
    };
  }
}

const client = new Client(readSettings());
const counts = { created: 0, updated: 0, unchanged: 0, rejected: 0 };
try {
  for await (const result of client.users.upsertMany(customers(), {
    fromLine,
    onTrouble: (failure) => console.error(`Going on after: ${failure.kind}`),
  })) {
    counts[result.status] += 1;
    if (result.status === 'rejected') {
      console.error(`Line ${result.line}: ${result.errors.map(({ title }) => title).join('; ')}`);
    }
  }
} catch (error) {
  if (!(error instanceof LoadFailed)) throw error;
  console.error(`${error.message}. Go on with --from ${error.nextLine}.`);
  process.exitCode = 1;
} finally {
  await client.close();
}
for (const [status, many] of Object.entries(counts)) console.log(`${status.padEnd(9)} ${many}`);
