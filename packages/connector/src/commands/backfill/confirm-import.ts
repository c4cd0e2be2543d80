import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Connector } from '../../config/config.ts';
import { openHome } from '../../home/home.ts';
import { importedIn, removeImported } from '../../home/imported.ts';
import { GONE } from '../../model/gone-user.ts';

/** What was confirmed. */
export interface Confirmed {
  /** Those that count as acknowledged now. */
  readonly users: number;
  /** Users who were removed or forgotten since the files were written, and who came back by the import. */
  readonly cameBack: number;
}

/**
 * Takes what was written into the import's files as acknowledged: the next pass sends only what the files
 * could not carry, and what has changed since. A crash in between is mended by confirming again.
 *
 * @throws ConfigInvalid where no files were written; AlreadyRunning while a run is under way
 */
export async function confirmImport(connector: Connector): Promise<Confirmed> {
  const parts = importedIn(connector.home);
  if (parts === null) {
    throw new ConfigInvalid('--confirm-imported', 'needs files that `backfill --via csv` has written before');
  }
  const home = await openHome(connector.home, { keys: connector.homeKeys });
  let users = 0;
  let cameBack = 0;
  try {
    for (const entries of parts) {
      const acked = entries.filter(([digest]) => home.state.get(digest) !== GONE);
      users += acked.length;
      cameBack += entries.length - acked.length;
      await home.state.commit(acked);
    }
    removeImported(home.directory);
    return { users, cameBack };
  } finally {
    await home.close();
  }
}
