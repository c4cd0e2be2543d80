import { join } from 'node:path';
import { Outbox } from './outbox.ts';
import { Rejects } from './rejects.ts';
import { SeenFiles } from './seen-files.ts';
import { State } from './state.ts';

/** Everything the connector keeps: a directory that can be copied. One process at a time. */
export interface Home {
  readonly outbox: Outbox;
  readonly state: State;
  readonly rejects: Rejects;
  readonly seenFiles: SeenFiles;
  close(): Promise<void>;
}

export async function openHome(directory: string): Promise<Home> {
  const state = await State.open(directory);
  const outbox = await Outbox.open(directory, state.progress.outbox);
  const rejects = new Rejects(join(directory, 'rejected.jsonl'));
  return {
    outbox,
    state,
    rejects,
    seenFiles: new SeenFiles(directory),
    async close() {
      await outbox.close();
      await state.close();
    },
  };
}
