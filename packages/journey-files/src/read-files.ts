import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { Fault } from './fault.ts';
import { FilesInvalid } from './fault.ts';
import { isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';

const STATES = ['draft', 'active', 'paused', 'archived'] as const;
export type FileState = (typeof STATES)[number];

export interface JourneyFile {
  readonly file: string;
  readonly name: string;
  /** What the journey is to be; null: what it is. */
  readonly state: FileState | null;
  /** Everything else, as it is written. */
  readonly body: JsonObject;
}

/** All journeys of a folder, by the names of their files. Throws FilesInvalid with all that is wrong. */
export async function readFiles(folder: string): Promise<readonly JourneyFile[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new FilesInvalid([{ file: folder, path: '', problem: (error as Error).message }]);
  });
  const faults: Fault[] = [];
  const files: JourneyFile[] = [];
  for (const file of names.filter((name) => /\.ya?ml$/.test(name)).toSorted()) {
    const read = readJourney(file, await readFile(join(folder, file), 'utf8'), (path, problem) =>
      faults.push({ file, path, problem }),
    );
    if (read !== null) files.push(read);
  }
  if (files.length + faults.length === 0) {
    faults.push({ file: folder, path: '', problem: 'has no journey: no file ends in .yaml or .yml' });
  }
  for (const [index, { file, name }] of files.entries()) {
    const first = files.findIndex((other) => other.name === name);
    if (first < index) {
      faults.push({
        file,
        path: 'name',
        problem: `is that of ${files[first]?.file} too: choose another one`,
      });
    }
  }
  if (faults.length > 0) throw new FilesInvalid(faults);
  return files;
}

function readJourney(
  file: string,
  text: string,
  tell: (path: string, problem: string) => void,
): JourneyFile | null {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    tell('', error.message);
    return null;
  }
  const value = document.toJS({ maxAliasCount: 100 }) as Json;
  if (!isObject(value)) {
    tell('', 'must be the members of one journey: name, audience, nodes');
    return null;
  }
  const { state = null, $schema: _, ...body } = value;
  const { name } = body;
  if (typeof name !== 'string' || name.trim() === '') {
    tell('name', 'is required');
    return null;
  }
  const known = STATES.find((one) => one === state);
  if (state !== null && known === undefined) {
    tell('state', `must be one of ${STATES.join(', ')}`);
    return null;
  }
  return { file, name, state: known ?? null, body };
}
