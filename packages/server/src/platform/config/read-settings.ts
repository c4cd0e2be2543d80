import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Value } from 'typebox/value';
import { SETTINGS, SETTING_NAMES } from './settings.ts';
import type { Setting, SettingName, SettingValues } from './settings.ts';

/** Names the configuration file; without it `carillon.config.json` is read if it is there. */
const FILE_VARIABLE = 'CARILLON_CONFIG';
const FILE_NAME = 'carillon.config.json';

export interface ReadSettings {
  readonly values: SettingValues;
  /** The configuration file that was read. */
  readonly file: string | null;
  /** One sentence for each thing that is wrong: name, rule, fix. Never the value of a secret. */
  readonly problems: readonly string[];
}

/** Reads every setting: the environment first, then the file, then what holds otherwise. */
export function readSettings(env: NodeJS.ProcessEnv, cwd: string): ReadSettings {
  const { path, content, problems } = readFile(env, cwd);
  const values: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    const setting: Setting = SETTINGS[name];
    const text = env[setting.variable];
    // An empty variable is one that somebody has switched off.
    const isGiven = text !== undefined && text !== '';
    const value = isGiven ? fromText(setting, text) : content[name];
    if (value === undefined) {
      values[name] = setting.otherwise;
    } else if (Value.Check(setting.schema, value)) {
      values[name] = value;
    } else {
      values[name] = setting.otherwise;
      problems.push(complaint(setting, isGiven ? setting.variable : `"${name}" in ${path}`, value));
    }
  }
  return { values: values as SettingValues, file: path, problems };
}

interface ConfigFile {
  readonly path: string | null;
  readonly content: Readonly<Partial<Record<SettingName, unknown>>>;
  readonly problems: string[];
}

function readFile(env: NodeJS.ProcessEnv, cwd: string): ConfigFile {
  const named = env[FILE_VARIABLE];
  const path = resolve(cwd, named ?? FILE_NAME);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (named === undefined && code === 'ENOENT') return { path: null, content: {}, problems: [] };
    const who = named === undefined ? FILE_NAME : FILE_VARIABLE;
    const problem = `${who}: the file ${path} cannot be read (${code}). Correct its path or its permissions.`;
    return { path, content: {}, problems: [problem] };
  }
  const content = parse(text);
  if (content === null) {
    return { path, content: {}, problems: [`${path} is not a JSON object. Write it as {"port": 3000}.`] };
  }
  const unknown = Object.keys(content).filter((name) => !SETTING_NAMES.includes(name as SettingName));
  const problems = unknown.map(
    (name) => `"${name}" in ${path} is not a setting. The settings are ${SETTING_NAMES.join(', ')}.`,
  );
  return { path, content, problems };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** A variable holds text; what does not read as the wanted type stays text and fails the check. */
function fromText({ schema }: Setting, text: string): unknown {
  const type = (schema as { type?: string }).type;
  if (type === 'integer' && /^\d+$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === '1')) return true;
  if (type === 'boolean' && (text === 'false' || text === '0')) return false;
  return text;
}

function complaint(setting: Setting, where: string, value: unknown): string {
  const shown = setting.isSecret ? '' : ` is ${JSON.stringify(value)}, and`;
  return `${where}${shown} must be ${setting.rule}. For example: ${setting.variable}=${setting.example}`;
}
