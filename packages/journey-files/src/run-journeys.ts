import { parseArgs } from 'node:util';
import { Client } from '@carillon/client';
import { exportFiles } from './export-files.ts';
import { FilesInvalid, ServerFailed } from './fault.ts';
import { applyChanges, planFiles } from './plan.ts';
import type { Change } from './plan.ts';
import { readFiles } from './read-files.ts';

const USAGE = `carillon journeys <command> [folder]

  validate   ask the server whether the files of the folder would do; changes nothing
  plan       show what would change, and end with 10 where anything would
  apply      make the server have what the files say
  export     write the journeys of the app as files

  --url <url>    of the server; CARILLON_URL, or http://127.0.0.1:3000
  --app <id>     CARILLON_APP_ID
  --key <key>    of the app; CARILLON_API_KEY
  --json         one JSON object a line instead of sentences
  --force        export: write over files that are there

The folder is journeys when absent. Exit codes: 0 done, 1 unexpected, 2 files or arguments, 5 server unreachable,
6 key refused, 10 plan found changes.`;

/** What the process ends with; the numbers of the connector. */
const EXIT = {
  done: 0,
  unexpected: 1,
  invalid: 2,
  unreachable: 5,
  refused: 6,
  planFoundChanges: 10,
} as const;

const COMMANDS = ['validate', 'plan', 'apply', 'export'] as const;

export interface Output {
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

/** Runs `carillon journeys …` and returns the exit code. `args` are those behind `journeys`. */
export async function runJourneys(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { out, error }: Output,
): Promise<number> {
  let isJson = args.includes('--json');
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string', default: env['CARILLON_URL'] ?? 'http://127.0.0.1:3000' },
        app: { type: 'string', default: env['CARILLON_APP_ID'] ?? '' },
        key: { type: 'string', default: env['CARILLON_API_KEY'] ?? '' },
        json: { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [asked, folder = 'journeys', ...more] = positionals;
    if (values.help) {
      out(USAGE);
      return EXIT.done;
    }
    const command = COMMANDS.find((name) => name === asked);
    if (command === undefined || more.length > 0) {
      error(USAGE);
      return EXIT.invalid;
    }
    const { url, app, key } = values;
    if (!URL.canParse(url)) throw wrongOption('--url', `is "${url}", and must be an address`);
    if (app === '') throw wrongOption('--app', 'is required, or CARILLON_APP_ID');
    if (key === '') throw wrongOption('--key', 'is required, or CARILLON_API_KEY');
    isJson = values.json;
    const client = new Client({ url, appId: app, apiKey: key });
    const say = (line: object, sentence: string) => out(isJson ? JSON.stringify(line) : sentence);
    try {
      if (command === 'export') {
        const files = await exportFiles(client, folder, values.force);
        for (const file of files) say({ file }, file);
        return EXIT.done;
      }
      const changes = await planFiles(await readFiles(folder), client);
      if (command === 'validate') {
        for (const { file, name } of changes) say({ file, name, valid: true }, `${file}: would do`);
        return EXIT.done;
      }
      if (command === 'apply') await applyChanges(changes, client);
      for (const change of changes) say(lineOf(change), sentenceOf(change));
      const isDue = command === 'plan' && changes.some(({ kind }) => kind !== 'none');
      return isDue ? EXIT.planFoundChanges : EXIT.done;
    } finally {
      await client.close();
    }
  } catch (failure) {
    const { message } = failure as Error;
    if (failure instanceof FilesInvalid) {
      if (isJson) for (const fault of failure.faults) out(JSON.stringify({ fault }));
      else error(`Nothing was changed.\n${message}`);
      return EXIT.invalid;
    }
    error(message);
    if ((failure as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS_')) return EXIT.invalid;
    if (failure instanceof ServerFailed) return failure.isRefusedKey ? EXIT.refused : EXIT.unreachable;
    return EXIT.unexpected;
  }
}

function wrongOption(option: string, problem: string): FilesInvalid {
  return new FilesInvalid([{ file: option, path: '', problem }]);
}

function lineOf(change: Change): object {
  const { file, name, kind } = change;
  return { file, name, change: kind, ...(change.kind === 'update' && { differences: change.differences }) };
}

function sentenceOf(change: Change): string {
  const { file, name } = change;
  switch (change.kind) {
    case 'none':
      return `${file}: "${name}" is as it says`;
    case 'create':
      return `${file}: + "${name}"${change.state === null ? '' : ` (${change.state})`}`;
    case 'update':
      return [
        `${file}: ~ "${name}"`,
        ...change.differences.map(
          ({ path, from, to }) => `    ${path}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`,
        ),
      ].join('\n');
  }
}
