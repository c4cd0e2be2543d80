import { Forgotten } from './forgotten.ts';
import { HomeLock } from './home-lock.ts';
import { Outbox } from './outbox.ts';
import { Rejects } from './rejects.ts';
import { SeenFiles } from './seen-files.ts';
import { sealOf } from './seal.ts';
import { State } from './state.ts';

/** Everything the connector keeps: a directory that can be copied. One process at a time. */
export interface Home {
  readonly directory: string;
  readonly outbox: Outbox;
  readonly state: State;
  readonly rejects: Rejects;
  readonly forgotten: Forgotten;
  readonly seenFiles: SeenFiles;
  close(): Promise<void>;
}

/**
 * `keys` encrypt what is personal in it, the first of them what is written from now on.
 *
 * @throws AlreadyRunning where another process has it open, and still has after `lockWaitMs`
 * @throws ConfigInvalid where it holds what none of the keys opens
 */
export async function openHome(
  directory: string,
  {
    lockWaitMs,
    keys = [],
  }: { readonly lockWaitMs?: number | undefined; readonly keys?: readonly Buffer[] } = {},
): Promise<Home> {
  const seal = sealOf(keys);
  const lock = await HomeLock.take(directory, lockWaitMs);
  try {
    const state = await State.open(directory);
    const outbox = await Outbox.open(directory, state.progress.outbox, seal);
    const rejects = await Rejects.open(directory, seal);
    const forgotten = Forgotten.open(directory);
    return {
      directory,
      outbox,
      state,
      rejects,
      forgotten,
      seenFiles: new SeenFiles(directory),
      async close() {
        await outbox.close();
        await rejects.close();
        await state.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
