import { createScratchDatabase } from '@carillon/test-kit';
import type { Chaos } from './scenario.ts';
import { scenarios } from './scenarios.ts';

/**
 * `npm run chaos -- NAME [--json] [--seconds N]`: runs one scenario, which may ask for further numbers
 * such as `--kills N`. The last line of standard output is `{"chaos":NAME,"figures":{…}}`; with --json
 * it is the only one. Exits with 1 when a promise broke, and then keeps the database for a look if
 * TEST_DATABASE_URL names its server.
 */
const [name = '', ...flags] = process.argv.slice(2);
const load = scenarios[name];
if (load === undefined) {
  console.error(
    `Usage: npm run chaos -- NAME [--json] [--seconds N]\nNAME is one of: ${Object.keys(scenarios).join(', ')}`,
  );
  process.exit(2);
}

const json = flags.includes('--json');
const number = (flag: string, otherwise: number) => {
  const at = flags.indexOf(`--${flag}`);
  const value = at === -1 ? otherwise : Number(flags[at + 1]);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`--${flag} must be followed by a whole number`);
};
const say = (line: string) => (json ? console.error(line) : console.log(line));
const closers: (() => Promise<void> | void)[] = [];
let failed = true;
const chaos: Chaos = {
  say,
  number,
  durationMs: number('seconds', 20) * 1_000,
  afterwards: (close) => void closers.unshift(close),
  async database() {
    const scratch = await createScratchDatabase();
    closers.unshift(async () => {
      // An embedded server is thrown away with everything in it; while it ran, so would this process.
      if (!failed || process.env['TEST_DATABASE_URL'] === undefined) return scratch.drop();
      say(`kept for a look: ${scratch.url}`);
      await scratch.database.end();
    });
    return scratch;
  },
};

const scenario = await load();
say(`${name}: ${scenario.about}`);
try {
  const { figures, broken } = await scenario.run(chaos);
  failed = broken.length > 0;
  for (const sentence of broken) say(`BROKEN: ${sentence}`);
  console.log(JSON.stringify({ chaos: name, figures }));
} finally {
  for (const close of closers) await close();
}
if (failed) process.exitCode = 1;
