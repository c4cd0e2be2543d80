import { targetId } from '../../config/fingerprint.ts';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Connector } from '../../config/config.ts';
import { ImportFileWriter } from '../../destination/onesignal/import-files.ts';
import type { ImportFiles } from '../../destination/onesignal/import-files.ts';
import { Forgotten } from '../../home/forgotten.ts';
import { ImportedWriter } from '../../home/imported.ts';
import { lookIntoState } from '../../home/look-into-state.ts';
import { userDigest } from '../../model/diff-user.ts';
import { judgeUser } from '../../model/judge-user.ts';
import { mapUser } from '../../model/map-user.ts';
import type { Source } from '../../model/source.ts';
import { allKeys } from '../all-keys.ts';
import { importedHash } from './imported-hash.ts';

export interface WrittenImport extends ImportFiles {
  /** Rows of the model that are no users for the import, or not with all of their fields. */
  readonly rejected: number;
  /** Users that the target has acknowledged already: the API brings what differs. */
  readonly known: number;
}

/**
 * Writes every user whom the target does not know yet into files for its import, and notes in the home
 * what was written. `told` hears now and then how many users there are.
 *
 * @throws ConfigInvalid where the folder has such files
 */
export async function writeImport(
  connector: Connector,
  source: Source,
  folder: string,
  told: (users: number) => void,
): Promise<WrittenImport> {
  const { users, home } = connector;
  if (users === null) throw new ConfigInvalid('users', 'is needed for --via csv');
  const target = targetId(connector);
  const forgotten = Forgotten.open(home);
  const writer = new ImportFileWriter(folder);
  const state = lookIntoState(home);
  const imported = await ImportedWriter.begin(home);
  const count = { rejected: 0, known: 0, written: 0 };
  try {
    for await (const keys of allKeys(source)) {
      const readAt = Date.now();
      for (const row of await source.rows(keys)) {
        const mapping = mapUser(users, row);
        if (mapping.rejects.length > 0) count.rejected += 1;
        if (mapping.user === null || forgotten.has('externalId', mapping.user.externalId)) continue;
        const digest = userDigest(target, mapping.user.key);
        if (state.get(digest) !== null) {
          count.known += 1;
          continue;
        }
        const { user } = judgeUser(users, target, mapping.user, (digest) => state.get(digest), readAt);
        await writer.write(user);
        await imported.add([digest, importedHash(user)]);
        count.written += 1;
      }
      told(count.written);
    }
    const files = await writer.close();
    await imported.finish();
    return { ...files, rejected: count.rejected, known: count.known };
  } catch (error) {
    await writer.close().catch(() => undefined);
    await imported.abandon();
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw isThere
      ? new ConfigInvalid('--out', `names a folder without users-*.csv; ${folder} has some`)
      : error;
  } finally {
    state.close();
  }
}
