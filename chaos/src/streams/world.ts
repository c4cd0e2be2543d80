import { randomBytes } from 'node:crypto';
import { Client, required } from '@carillon/client';
import { Identity, createLog, loadConfig, startCarillon, systemClock } from '@carillon/server';
import type { Database } from '@carillon/server';
import type { Chaos } from '../scenario.ts';

/** A process that takes events in, and how those are configured that work its streams. */
export interface World {
  readonly database: Database;
  readonly client: Client;
  readonly workerEnv: NodeJS.ProcessEnv;
  /** External ids. */
  readonly names: readonly string[];
}

export async function makeWorld(chaos: Chaos, users: number): Promise<World> {
  const { url, database } = await chaos.database();
  const env = {
    DATABASE_URL: url,
    CARILLON_MASTER_KEY: randomBytes(32).toString('base64'),
    CARILLON_PUBLIC_URL: 'https://carillon.example',
    CARILLON_LOG_LEVEL: 'fatal',
    CARILLON_DATABASE_CONNECTIONS: '8',
    CARILLON_OUTBOUND_ALLOWED: '127.0.0.1,::1',
  };
  const config = loadConfig({ ...env, CARILLON_ROLE: 'api', CARILLON_PORT: '0' });
  const api = await startCarillon(config, { log: createLog({ level: 'error' }) });
  chaos.afterwards(() => api.stop());
  const { url: base, appId, appKey } = api;
  if (base === null || appId === null || appKey === null) throw new Error('the API did not start');
  const client = new Client({ url: base, appId, apiKey: appKey });
  chaos.afterwards(() => client.close());
  required(await client.feed.setTopics(['custom_events']));
  const identity = new Identity({ database, clock: systemClock });
  const names = Array.from({ length: users }, (_, n) => `user-${n}`);
  await Promise.all(names.map((name) => identity.upsertUser(appId, { identity: { external_id: name } })));
  return { database, client, workerEnv: { ...env, CARILLON_ROLE: 'worker' }, names };
}

/** Ids of everything that the feed tells. */
export async function readFeed(client: Client): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = required(await client.feed.read({ cursor, limit: 10_000, kinds: ['*'] }));
    ids.push(...page.events.map(({ id }) => id));
    if (!page.has_more) return ids;
    cursor = page.cursor;
  }
}
