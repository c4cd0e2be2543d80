import { LogicalReplicationService, PgoutputPlugin } from 'pg-logical-replication';

/** Seconds that it takes to read and decode so many changes of a slot, and to do nothing with them. */
export async function decodeAll(url: string, slot: string, changes: number): Promise<number> {
  const service = new LogicalReplicationService(
    { connectionString: url },
    { acknowledge: { auto: false, timeoutSeconds: 0 } },
  );
  const began = performance.now();
  let decoded = 0;
  await new Promise<void>((resolve, reject) => {
    service.on('data', (_lsn: string, message: { readonly tag: string }) => {
      if (message.tag === 'update') decoded += 1;
      if (decoded === changes) resolve();
    });
    service.on('error', reject);
    const plugin = new PgoutputPlugin({ protoVersion: 1, publicationNames: [slot] });
    service.subscribe(plugin, slot).catch(reject);
  });
  const took = (performance.now() - began) / 1000;
  await service.destroy();
  return took;
}
