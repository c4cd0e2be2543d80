import { Eraser, openErasingDatabase, privacyJobs } from '../modules/privacy/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Job } from '../platform/jobs/jobs.ts';
import type { Logger } from '../platform/log.ts';
import type { Closers } from './closers.ts';
import type { Modules } from './compose-modules.ts';
import { composePersonalData } from './compose-personal-data.ts';

export interface StartErasingOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onConnectionLost: (error: Error) => void;
  readonly modules: Modules;
  readonly closers: Closers;
}

/** The jobs that erase what is held about deleted users. */
export function startErasing(options: StartErasingOptions): Job[] {
  const { clock, log, modules, closers } = options;
  const database = openErasingDatabase(options);
  closers.add('the connections for erasing', () => database.end());
  const { identity, contents } = modules;
  const parts = composePersonalData({ database, clock, identity, contents });
  return privacyJobs(new Eraser({ database, clock, log, parts }));
}
