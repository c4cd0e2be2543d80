import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Logger } from '../../platform/log.ts';
import { writeLastUses } from './api-key-store.ts';
import { KeyUse } from './key-use.ts';

/** The last use of keys in this process, written into the database. `flush` it before the process ends. */
export function openKeyUse(database: Database, clock: Clock, log: Logger): KeyUse {
  return new KeyUse({
    clock,
    write: (uses) => writeLastUses(database, uses),
    onFailure: (error) => log.warn({ error }, 'the last use of keys was not written'),
  });
}
