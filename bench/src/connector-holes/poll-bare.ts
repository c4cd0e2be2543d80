import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const POLL_MS = 200;

/** What a script does: asks again and again for what is newer than the newest it has seen. */
export async function pollBare(
  url: string,
): Promise<{ readonly seen: ReadonlySet<string>; stop(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const seen = new Set<string>();
  const controller = new AbortController();
  const { signal } = controller;
  const polling = (async () => {
    let last = '-infinity';
    while (!signal.aborted) {
      const { rows } = await client.query<{ version: string; at: string }>(
        'SELECT version, updated_at::text AS at FROM customers WHERE updated_at > $1 ORDER BY updated_at',
        [last],
      );
      for (const { version } of rows) seen.add(version);
      last = rows.at(-1)?.at ?? last;
      await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    seen,
    async stop() {
      controller.abort();
      await polling;
      await client.end();
    },
  };
}
