import { createScratchDatabase } from '@carillon/test-kit';
import type { Bench } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';
import { rounded } from './figures.ts';
import { describeDatabase, describeMachine } from './machine.ts';

/**
 * `npm run bench -- NAME [--json]`: runs one benchmark, which may ask for further numbers such as
 * `--recipients N`. The last line of standard output is `{"bench":NAME,"figures":{…}}`; with --json it
 * is the only one, and what is said goes to standard error.
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
const number = (flag: string, otherwise: number) => {
  const at = flags.indexOf(`--${flag}`);
  const value = at === -1 ? otherwise : Number(flags[at + 1]);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`--${flag} must be followed by a whole number above 0`);
};
const say = (line: string) => (json ? console.error(line) : console.log(line));
const closers: (() => Promise<void>)[] = [];
const bench: Bench = {
  say,
  broken(sentence) {
    say(`BROKEN: ${sentence}`);
    process.exitCode = 1;
  },
  number,
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
