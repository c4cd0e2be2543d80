import { cpus, loadavg, release, totalmem } from 'node:os';
import type { Database } from '@carillon/server';
import { statement } from '@carillon/server';

const settings = statement(
  'bench.settings',
  `select name, current_setting(name) as setting from pg_settings
   where name in ('server_version', 'shared_buffers', 'fsync', 'synchronous_commit', 'max_wal_size')
   order by name`,
);

/** What a figure depends on beside the code: printed with every result. */
export function describeMachine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg().map((value) => value.toFixed(1));
  return `${cpus().length} × ${first?.model ?? 'unknown CPU'}, ${memory} GiB, Linux ${release()}, Node ${process.versions.node}, load ${load.join(' ')}`;
}

export async function describeDatabase(database: Database): Promise<string> {
  const rows = await database.rows<{ name: string; setting: string }>(settings);
  return `PostgreSQL: ${rows.map(({ name, setting }) => `${name} ${setting}`).join(', ')}`;
}
