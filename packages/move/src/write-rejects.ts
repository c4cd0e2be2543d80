import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ask } from './ask.ts';
import type { Move } from './move.ts';

/** Writes the rejected rows of an import to the file that the options name. Throws MoveStopped. */
export async function writeRejects({ options, to }: Move, importId: string): Promise<void> {
  const answer = await to.imports.rejects(importId);
  if (!answer.ok) {
    await ask('Carillon', Promise.resolve(answer));
    return;
  }
  await pipeline(Readable.from(answer.body), createWriteStream(options.rejectsFile, { mode: 0o600 }));
}
