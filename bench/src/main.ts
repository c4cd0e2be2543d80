import { createScratchDatabase } from '@carillon/test-kit';
import type { Bench } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';
import { rounded } from './figures.ts';
import { describeDatabase, describeMachine } from './machine.ts';

/**
 * `npm run bench -- NAME [--json]`: runs one benchmark. The last line of standard output is
 * `{"bench":NAME,"figures":{…}}`; with --json it is the only one, and what is said goes to standard
 * error.
 */
const [name = '', ...flags] = process.argv.slice(2);
const load = benchmarks[name];
if (load === undefined) {
  console.error(
    `Usage: npm run bench -- NAME [--json]\nNAME is one of: ${Object.keys(benchmarks).join(', ')}`,
  );
  process.exit(2);
}

const json = flags.includes('--json');
const say = (line: string) => (json ? console.error(line) : console.log(line));
const closers: (() => Promise<void>)[] = [];
const bench: Bench = {
  say,
  broken(sentence) {
    say(`BROKEN: ${sentence}`);
    process.exitCode = 1;
  },
  afterwards: (close) => void closers.unshift(close),
  async database() {
    const scratch = await createScratchDatabase(undefined, { durable: true });
    closers.unshift(() => scratch.drop());
    say(await describeDatabase(scratch.database));
    return scratch;
  },
};

const benchmark = await load();
say(`${name}: ${benchmark.about}`);
say(`npm run bench -- ${process.argv.slice(2).join(' ')}`);
say(describeMachine());
try {
  const figures = rounded(await benchmark.run(bench));
  if (!json) console.table(figures);
  console.log(JSON.stringify({ bench: name, figures }));
} finally {
  for (const close of closers) await close();
}
