import { Client } from '@carillon/client';
import { compareCounts } from './compare-counts.ts';
import type { Outcome } from './copy-one.ts';
import { copySegments } from './copy-segments.ts';
import { copyTemplates } from './copy-templates.ts';
import { MoveInvalid, MoveStopped } from './fault.ts';
import type { Move } from './move.ts';
import { movePeople } from './move-people.ts';
import { readOptions } from './options.ts';
import type { Env } from './options.ts';
import { Pace } from './pace.ts';
import { StateFile } from './state.ts';
import { tellByHand } from './tell-by-hand.ts';

const USAGE = `carillon move

  Moves an app from OneSignal: users, tags and subscriptions by an export, templates and segments by API.
  Tells what is to be entered by hand, and the counts of both sides. Run again, it goes on where it was.

  --dry-run             write no user, template or segment; show what would be
  --only <steps>        of people,templates,segments
  --again               export and import the people once more: what differs is written
  --overwrite           what has the same name here becomes what it is there
  --by-url              Carillon fetches the export itself
  --export-file <file>  keep the export as well: lines of rejected rows are lines of it
  --state <file>        carillon-move.json
  --rejects <file>      carillon-move-rejects.csv
  --json                one JSON object a line instead of sentences

  ONESIGNAL_APP_ID, ONESIGNAL_API_KEY, ONESIGNAL_URL (https://api.onesignal.com)
  CARILLON_APP_ID, CARILLON_API_KEY, CARILLON_URL (http://127.0.0.1:3000)

Exit codes: 0 done, 1 unexpected, 2 arguments, 3 done but for what was rejected, refused or is unreadable,
5 a side is unreachable, 6 a side refuses the key.`;

/** What the process ends with; the numbers of the connector. */
const EXIT = { done: 0, unexpected: 1, invalid: 2, leftOut: 3, unreachable: 5, refusedKey: 6 } as const;

export interface Output {
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

/** Runs `carillon move …` and returns the exit code. `args` are those behind `move`. */
export async function runMove(args: readonly string[], env: Env, { out, error }: Output): Promise<number> {
  try {
    const options = readOptions(args, env);
    if (options === null) {
      out(USAGE);
      return EXIT.done;
    }
    const file = await StateFile.open(options);
    const from = new Client(options.from);
    const to = new Client(options.to);
    const say = (line: object, sentence: string) => out(options.isJson ? JSON.stringify(line) : sentence);
    try {
      return await run({ options, from, to, file, pace: new Pace(), say });
    } finally {
      await Promise.all([from.close(), to.close()]);
    }
  } catch (failure) {
    error((failure as Error).message);
    return exitCodeOf(failure);
  }
}

async function run(move: Move): Promise<number> {
  const { steps, isDryRun } = move.options;
  const rejected = steps.has('people') ? (await movePeople(move)).rejected : 0;
  const outcomes: readonly Outcome[] = [
    ...(steps.has('templates') ? await copyTemplates(move) : []),
    ...(steps.has('segments') ? await copySegments(move) : []),
  ];
  await tellByHand(move);
  if (!isDryRun) await compareCounts(move);
  return rejected > 0 || outcomes.some(isLeftOut) ? EXIT.leftOut : EXIT.done;
}

function isLeftOut({ kind }: Outcome): boolean {
  switch (kind) {
    case 'created':
    case 'updated':
    case 'same':
      return false;
    case 'name-taken':
    case 'refused':
    case 'unreadable':
      return true;
  }
}

function exitCodeOf(failure: unknown): number {
  if (failure instanceof MoveInvalid) return EXIT.invalid;
  if ((failure as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS_') === true) return EXIT.invalid;
  if (!(failure instanceof MoveStopped)) return EXIT.unexpected;
  switch (failure.kind) {
    case 'refused-key':
      return EXIT.refusedKey;
    case 'unreachable':
      return EXIT.unreachable;
    case 'unexpected':
      return EXIT.unexpected;
  }
}
