import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connector } from '../../config/config.ts';
import { compareSeen, START } from '../../home/compare-seen.ts';
import { lookIntoState } from '../../home/look-into-state.ts';
import { SeenWriter } from '../../home/seen-writer.ts';
import type { Source } from '../../model/source.ts';

/** How many users are gone from the model since the last pass; the first pass knows of none. */
export async function planRemovals({ home, users }: Connector, source: Source): Promise<number> {
  const state = lookIntoState(home);
  state.close();
  const seen = state.progress.looks['users']?.seen;
  const known = seen === null || seen === undefined ? null : join(home, 'seen', seen.name);
  if (users === null || known === null || !existsSync(known)) return 0;
  const directory = mkdtempSync(join(tmpdir(), 'carillon-plan-'));
  try {
    const path = join(directory, 'users.bin');
    const writer = new SeenWriter(path);
    for await (const keys of source.scan({ of: 'users' }, new AbortController().signal)) writer.add(keys);
    writer.finish();
    let gone = 0;
    for (const { differences } of compareSeen(known, path, START, false)) {
      gone += differences.filter(({ kind }) => kind === 'gone').length;
    }
    return gone;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
