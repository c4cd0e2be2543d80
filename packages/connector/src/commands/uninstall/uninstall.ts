import { loadConfig } from '../../config/load-config.ts';
import type { Connector } from '../../config/config.ts';
import { AlreadyRunning, holderOf } from '../../home/home-lock.ts';
import { filesOfHome, removeHome } from '../../home/remove-home.ts';
import { openPool } from '../../sources/postgres/open-pool.ts';
import { tracesIn } from '../../sources/postgres/traces.ts';
import { EXIT } from '../exit-code.ts';

export interface UninstallOptions {
  readonly config: string;
  readonly json: boolean;
  readonly yes: boolean;
  readonly tables: boolean;
}

/** `uninstall`: says what of ours is in the source and on the disk, and removes it when told to. */
export async function uninstall({ config, json, yes, tables }: UninstallOptions): Promise<number> {
  const connector = await loadConfig(config);
  if (holderOf(connector.home) !== null) throw new AlreadyRunning(`in ${connector.home}`);
  const found = [...(await leaveSource(connector, tables, yes)), ...leaveHome(connector, yes)];
  if (json) {
    tell(JSON.stringify({ removed: yes, found }));
    return EXIT.done;
  }
  if (connector.source.kind !== 'postgres')
    tell(
      `nothing to remove in ${connector.source.kind}: it is read and keeps nothing for the connector; a table of message events stays`,
    );
  if (found.length === 0) tell('nothing of this connector is there');
  else {
    for (const what of found) tell(`${yes ? 'removed' : 'would remove'}  ${what}`);
    if (!yes) tell('nothing was removed: say --yes. Users and messages at the target stay.');
  }
  return EXIT.done;
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function leaveSource(connector: Connector, tables: boolean, yes: boolean): Promise<string[]> {
  if (connector.source.kind !== 'postgres') return [];
  const pool = openPool(connector.source.url, 1);
  try {
    const traces = await tracesIn(pool, connector, tables);
    if (yes) for (const { statement } of traces) await pool.query(statement);
    return traces.map(({ what }) => what);
  } finally {
    await pool.end();
  }
}

function leaveHome({ home }: Connector, yes: boolean): string[] {
  const files = filesOfHome(home);
  if (yes) removeHome(home);
  return files.length === 0 ? [] : [`${files.length} files in ${home}: outbox, state and rejects`];
}
