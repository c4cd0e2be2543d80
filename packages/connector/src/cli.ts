#!/usr/bin/env node
import { Command } from 'commander';
import { check } from './commands/check.ts';
import { EXIT, exitCodeOf } from './commands/exit-code.ts';
import { follow } from './commands/follow.ts';
import { plan } from './commands/plan.ts';
import { runSync } from './sync/run-sync.ts';
import { runWatch } from './sync/run-watch.ts';

const program = new Command('carillon-connect')
  .description('Keeps a messaging platform in step with your database, and brings message events back.')
  .option('-c, --config <file>', 'configuration, in TypeScript', 'connector.config.ts')
  .option('--json', 'one JSON object a line instead of sentences', false)
  .addHelpText(
    'after',
    `
Exit codes: 0 done, 1 unexpected, 2 configuration, 3 done with rejected rows, 4 safety limit, 5 source unreachable,
6 target refuses the key, 10 plan --exit-code found changes, 130 interrupted (resumable).`,
  );

interface Shared {
  readonly config: string;
  readonly json: boolean;
}

program
  .command('check')
  .description('look at every precondition, each with what to do about it')
  .action(() => run(() => check(program.opts<Shared>())));
program
  .command('plan')
  .description('show what would be sent; sends nothing')
  .option('--sample <n>', 'how many users to show', '5')
  .option('--exit-code', 'end with 10 where there is something to send', false)
  .action((options: { sample: string; exitCode: boolean }) =>
    run(() =>
      plan({ ...program.opts<Shared>(), sample: Number(options.sample), exitCode: options.exitCode }),
    ),
  );
program
  .command('sync')
  .description('one pass over all users, until there is nothing left to send')
  .action(() => run(() => follow(program.opts<Shared>(), runSync)));
program
  .command('watch')
  .description('follow every change, fire the triggers, bring message events back')
  .action(() => run(() => follow(program.opts<Shared>(), runWatch)));

async function run(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${text}\n`);
    if (process.exitCode === EXIT.unexpected && error instanceof Error)
      process.stderr.write(`${error.stack}\n`);
  }
}

await program.parseAsync();
