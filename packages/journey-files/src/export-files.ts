import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@carillon/client';
import { stringify } from 'yaml';
import { FilesInvalid } from './fault.ts';
import { readNames } from './names.ts';
import { plainForm } from './plain-form.ts';
import { readJourneys } from './read-journeys.ts';
import { nameIds } from './resolve-names.ts';

/**
 * Writes every journey of the app that is not archived as a file, and returns the names of the files.
 * Throws FilesInvalid, having written nothing, where a file is there already and `force` is false.
 */
export async function exportFiles(
  client: Client,
  folder: string,
  force: boolean,
): Promise<readonly string[]> {
  const [names, journeys] = await Promise.all([readNames(client), readJourneys(client)]);
  const taken = new Set<string>();
  const files = journeys.toReversed().map((journey) => {
    const slug = journey.name
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-|-$/g, '');
    let file = `${slug || 'journey'}.yaml`;
    for (let n = 2; taken.has(file); n += 1) file = `${slug || 'journey'}-${n}.yaml`;
    taken.add(file);
    const state = journey.state === 'processing' ? 'active' : journey.state;
    const { name, ...rest } = nameIds(plainForm(journey), names);
    const written = { name, ...(state !== 'scheduled' && { state }), ...rest };
    return { file, text: stringify(written, { lineWidth: 100 }) };
  });
  await mkdir(folder, { recursive: true });
  const there = await Promise.all(files.map(({ file }) => exists(join(folder, file))));
  const faults = files.filter((_, index) => there[index] === true && !force);
  if (faults.length > 0) {
    throw new FilesInvalid(
      faults.map(({ file }) => ({ file, path: '', problem: 'is there already: --force writes over it' })),
    );
  }
  for (const { file, text } of files) await writeFile(join(folder, file), text);
  return files.map(({ file }) => file);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
