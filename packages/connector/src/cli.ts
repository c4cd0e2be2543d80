#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { backfill } from './commands/backfill/backfill.ts';
import type { BackfillOptions } from './commands/backfill/backfill.ts';
import { check } from './commands/check/check.ts';
import { describeError } from './commands/describe-error.ts';
import { exitCodeOf } from './commands/exit-code.ts';
import { explain } from './commands/explain/explain.ts';
import { follow } from './commands/follow.ts';
import { forget } from './commands/forget/forget.ts';
import { init } from './commands/init/init.ts';
import { plan } from './commands/plan/plan.ts';
import { replay } from './commands/replay/replay.ts';
import { status } from './commands/status/status.ts';
import { types } from './commands/types/types.ts';
import { uninstall } from './commands/uninstall/uninstall.ts';
import { keepHeapSmall } from './keep-heap-small.ts';
import { runReceive } from './return-path/run-receive.ts';
import { runSync } from './sync/run-sync.ts';
import { runWatch } from './sync/run-watch.ts';

keepHeapSmall();
const program = new Command('carillon-connect')
  .description('Keeps a messaging platform in step with your database, and brings message events back.')
  .option(
    '-c, --config <file>',
    'configuration, in TypeScript or YAML; connector.config.ts or connector.config.yaml when absent',
  )
  .option('--json', 'one JSON object a line instead of sentences', false)
  .option('--reveal', 'keys and addresses in what is told; without it they are left out', false)
  .addHelpText(
    'after',
    `
Exit codes: 0 done, 1 unexpected, 2 configuration, 3 done with rejected rows, 4 safety limit, 5 source unreachable,
6 target refuses the key, 10 plan --exit-code found changes, 130 interrupted (resumable).`,
  );

const CONFIG_FILES = ['connector.config.ts', 'connector.config.yaml', 'connector.config.yml'];

interface Shared {
  readonly config?: string;
  readonly json: boolean;
  readonly reveal: boolean;
}

program
  .command('init')
  .description('look at a database and propose a configuration, row types and grants')
  .option('--source <url>', 'its address; DATABASE_URL when absent')
  .option('--users <table>', 'the table of users, where the guess would be another')
  .option('--force', 'write over what is there', false)
  .action((options: { source?: string; users?: string; force: boolean }) =>
    run(() => init({ ...shared(), ...options })),
  );
program
  .command('types')
  .description('the tables as TypeScript')
  .option('--out <file>', 'where to; generated/tables.ts beside the configuration when absent')
  .option('--check', 'write nothing, and end with 10 where the file is not as the tables are', false)
  .action((options: { out?: string; check: boolean }) => run(() => types({ ...shared(), ...options })));
program
  .command('check')
  .description('look at every precondition, each with what to do about it')
  .action(() => run(() => check(shared())));
program
  .command('plan')
  .description('show what would be sent; sends nothing')
  .option('--sample <n>', 'how many users to show', '5')
  .option('--exit-code', 'end with 10 where there is something to send', false)
  .action((options: { sample: string; exitCode: boolean }) => run(() => plan({ ...shared(), ...options })));
program
  .command('sync')
  .description('one pass over all users, until there is nothing left to send')
  .action(() => run(() => follow(shared(), runSync)));
program
  .command('watch')
  .description('follow every change, fire the triggers, bring message events back')
  .option('--metrics <port>', 'answer Prometheus at /metrics on this port, or host:port')
  .action((options: { metrics?: string }) => run(() => follow({ ...shared(), ...options }, runWatch)));
program
  .command('backfill')
  .description(
    "the past: rows that had come to a trigger's state before the connector watched, or users by import",
  )
  .option('--events <names...>', 'events to fire')
  .option('--messages <names...>', 'messages to send; maxAge holds for them too')
  .option('--since <time>', 'only rows that changed at that time or later')
  .option('--yes', 'do it; without it only counts', false)
  .option('--via <way>', 'csv: write the users that OneSignal does not have as files for its import')
  .option('--out <folder>', 'where to', 'onesignal-import')
  .option('--confirm-imported', 'the import of these files is done: they count as acknowledged', false)
  .action((options: Omit<BackfillOptions, keyof Shared>) => run(() => backfill({ ...shared(), ...options })));
program
  .command('receive')
  .description('take events that the target posts, beside a watch or alone')
  .action(() => run(() => follow(shared(), runReceive)));
program
  .command('status')
  .description('how it stands: what waits, what was refused, what the run under way tells')
  .option('--watch', 'again each second', false)
  .action((options: { watch: boolean }) => run(() => status({ ...shared(), ...options })));
program
  .command('explain')
  .argument('<id>', 'external id or key of a user')
  .description('why a user is, or is not, at the target as the row says; shows personal data')
  .action((id: string) => run(() => explain({ ...shared(), id })));
program
  .command('replay')
  .description('send once more what was refused, under the same idempotency keys')
  .option('--failed', 'everything that is refused now', false)
  .option('--id <id>', 'one: an external id, a key, or an idempotency key; a user also if it was not refused')
  .option('--since <time>', 'what was refused at that time or later, and all users acknowledged since')
  .action((options: { failed: boolean; id?: string; since?: string }) =>
    run(() => replay({ ...shared(), ...options })),
  );
program
  .command('forget')
  .argument('<id>', 'external id or key of a user')
  .description('erase a user at the target and in all that the connector keeps, for good')
  .action((id: string) => run(() => forget({ ...shared(), id })));
program
  .command('uninstall')
  .description('remove what the connector made in the source, and its folder')
  .option('--yes', 'do it; without it only says what it would do', false)
  .option('--tables', 'the table of message events too', false)
  .action((options: { yes: boolean; tables: boolean }) => run(() => uninstall({ ...shared(), ...options })));

function shared(): Shared & { readonly config: string } {
  const { config, ...others } = program.opts<Shared>();
  const found = config ?? CONFIG_FILES.find((file) => existsSync(file)) ?? 'connector.config.ts';
  return { ...others, config: found };
}

async function run(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    process.stderr.write(`${describeError(error, program.opts<Shared>().reveal)}\n`);
  }
}

await program.parseAsync();
