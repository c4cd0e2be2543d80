#!/usr/bin/env node
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Fault } from './faults/faults.ts';
import { PLANS } from './plans.ts';
import type { Plan } from './plans.ts';
import { DEFAULT_API_KEY, DEFAULT_APP_ID, startOneSignalFake } from './start-onesignal-fake.ts';

const FAULTS = ['lose-answer', 'reset', 'rate-limit', 'unavailable', 'server-error', 'slow-body'] as const;

type Rates = Partial<Record<Exclude<Fault, 'none'>, number>>;

const program = new Command('onesignal-fake')
  .description(
    'A local server that speaks OneSignal’s public API, enforces its published limits and counts who breaks them.',
  )
  .option('--port <n>', 'port on loopback; 0 takes a free one', wholeNumber, 4010)
  .addOption(new Option('--plan <plan>', 'whose limits').choices(Object.keys(PLANS)).default('professional'))
  .option('--app-id <uuid>', 'the app', DEFAULT_APP_ID)
  .option('--api-key <key>', 'its key', DEFAULT_API_KEY)
  .option('--template <name...>', 'templates that are there')
  .option('--import <file...>', 'CSV files to import first, as the dashboard would')
  .option('--fault <kind=share...>', `share of requests that go wrong: ${FAULTS.join(', ')}`, fault, {})
  .option('--seed <n>', 'the same seed, the same faults', wholeNumber, 1)
  .option('--delay <ms>', 'how long each answer takes', wholeNumber, 0)
  .option('--user-rate <n>', 'another rate of writes a second than the published 1,000', wholeNumber)
  .parse();

const options = program.opts<{
  port: number;
  plan: Plan;
  appId: string;
  apiKey: string;
  template?: string[];
  import?: string[];
  fault: Rates;
  seed: number;
  delay: number;
  userRate?: number;
}>();

const fake = await startOneSignalFake({
  port: options.port,
  plan: options.plan,
  appId: options.appId,
  apiKey: options.apiKey,
  templates: (options.template ?? []).map((name) => ({ name })),
  rates: options.userRate === undefined ? {} : { users: options.userRate },
  faults: { seed: options.seed, rates: options.fault, delayMs: options.delay },
});
for (const file of options.import ?? []) {
  const answer = await fetch(`${fake.url}/_fake/import`, { method: 'POST', body: await readFile(file) });
  process.stdout.write(`import ${file}: ${await answer.text()}\n`);
}
process.stdout.write(`OneSignal fake
  API      ${fake.url}
  App id   ${fake.appId}
  API key  ${fake.apiKey}
  Counts   ${fake.url}/_fake
`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await fake.stop();
for (const { kind, count, who, where, detail } of fake.violations.list()) {
  process.stdout.write(`violation  ${kind} ×${count}  ${where}  by ${who}: ${detail}\n`);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new InvalidArgumentError('It must be a whole number.');
  return number;
}

function fault(text: string, before: Rates): Rates {
  const [kind = '', share = ''] = text.split('=');
  const known = FAULTS.find((name) => name === kind);
  const part = Number(share);
  if (known === undefined || !(part >= 0 && part <= 1))
    throw new InvalidArgumentError(`It must be one of ${FAULTS.join(', ')}, "=" and a share from 0 to 1.`);
  return { ...before, [known]: part };
}
