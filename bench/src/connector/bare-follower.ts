import { Client } from '@carillon/client';
import pg from 'pg';
import { LogicalReplicationService, PgoutputPlugin } from 'pg-logical-replication';

/** Changes that come within it are read again together. */
const GATHER_MS = 10;

/**
 * What forty lines do: follow the slot, read the changed rows again, post each. Nothing is kept, so what
 * is under way at a crash is lost, and so is what fails.
 */
export async function followBare(
  databaseUrl: string,
  slot: string,
  targetUrl: string,
): Promise<() => Promise<void>> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const client = new Client({ url: targetUrl, appId: 'app', apiKey: 'key' });
  await pool.query(`CREATE PUBLICATION ${slot} FOR TABLE customers`);
  await pool.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [slot]);
  const service = new LogicalReplicationService(
    { connectionString: databaseUrl },
    { acknowledge: { auto: true, timeoutSeconds: 1 } },
  );
  let dirty = new Set<number>();
  let timer: NodeJS.Timeout | null = null;
  const send = async () => {
    timer = null;
    const keys = [...dirty];
    dirty = new Set();
    const { rows } = await pool.query<{ id: number; version: string }>(
      'SELECT id, version FROM customers WHERE id = ANY ($1)',
      [keys],
    );
    await Promise.all(
      rows.map(({ id, version }) =>
        client.users.upsert({ identity: { external_id: String(id) }, properties: { tags: { version } } }),
      ),
    );
  };
  service.on('data', (_lsn: string, change: { tag: string; new?: { id: number } }) => {
    if (change.new === undefined) return;
    dirty.add(change.new.id);
    timer ??= setTimeout(() => void send(), GATHER_MS);
  });
  service.on('error', () => undefined);
  const plugin = new PgoutputPlugin({ protoVersion: 1, publicationNames: [slot] });
  const following = service.subscribe(plugin, slot).catch(() => undefined);
  return async () => {
    await service.destroy();
    await following;
    await client.close();
    await pool.end();
  };
}
