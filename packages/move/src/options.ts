import { parseArgs } from 'node:util';
import { MoveInvalid } from './fault.ts';

export const STEPS = ['people', 'templates', 'segments'] as const;
export type Step = (typeof STEPS)[number];

/** One side of the move. */
interface Place {
  readonly url: string;
  readonly appId: string;
  readonly apiKey: string;
}

export interface MoveOptions {
  readonly from: Place;
  readonly to: Place;
  readonly steps: ReadonlySet<Step>;
  readonly stateFile: string;
  readonly rejectsFile: string;
  /** Where the export is kept as well; null for nowhere. */
  readonly exportFile: string | null;
  readonly isDryRun: boolean;
  /** Carillon fetches the file itself. */
  readonly isByUrl: boolean;
  /** People are exported once more, although they have been moved. */
  readonly isAgain: boolean;
  /** What has the same name here becomes what it is there. */
  readonly overwrites: boolean;
  readonly isJson: boolean;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** Null where help is asked for. Throws MoveInvalid, or what `parseArgs` throws. */
export function readOptions(args: readonly string[], env: Env): MoveOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: STEPS.join(',') },
      state: { type: 'string', default: 'carillon-move.json' },
      rejects: { type: 'string', default: 'carillon-move-rejects.csv' },
      'export-file': { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      'by-url': { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
      overwrite: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const exportFile = values['export-file'] ?? null;
  if (exportFile !== null && values['by-url']) {
    throw new MoveInvalid('--export-file keeps a file that passes through here, and --by-url lets none pass');
  }
  return {
    from: placeOf(env, 'ONESIGNAL', 'https://api.onesignal.com'),
    to: placeOf(env, 'CARILLON', 'http://127.0.0.1:3000'),
    steps: new Set(values.only.split(',').map(stepNamed)),
    stateFile: values.state,
    rejectsFile: values.rejects,
    exportFile,
    isDryRun: values['dry-run'],
    isByUrl: values['by-url'],
    isAgain: values.again,
    overwrites: values.overwrite,
    isJson: values.json,
  };
}

/** Keys are read from the environment only: arguments are seen by everybody on the machine. */
function placeOf(env: Env, prefix: 'ONESIGNAL' | 'CARILLON', usual: string): Place {
  const url = env[`${prefix}_URL`] ?? usual;
  const appId = env[`${prefix}_APP_ID`] ?? '';
  const apiKey = env[`${prefix}_API_KEY`] ?? '';
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new MoveInvalid(`${prefix}_URL must be an http or https address`);
  }
  if (appId === '') throw new MoveInvalid(`${prefix}_APP_ID is required: the id of the app`);
  if (apiKey === '') throw new MoveInvalid(`${prefix}_API_KEY is required: the key of the app`);
  return { url: url.replace(/\/+$/, ''), appId, apiKey };
}

function stepNamed(name: string): Step {
  const step = STEPS.find((one) => one === name.trim());
  if (step === undefined) throw new MoveInvalid(`--only names "${name}", and must name ${STEPS.join(', ')}`);
  return step;
}
