import { randomBytes } from 'node:crypto';
import { Client } from '@carillon/client';
import {
  Identity,
  TokenSigner,
  createLog,
  loadConfig,
  parseMasterKeys,
  startCarillon,
  systemClock,
} from '@carillon/server';
import type { Database } from '@carillon/server';
import type { Chaos } from '../scenario.ts';
import { readAddresses } from './audit-store.ts';
import type { Provider, Way } from './ways/way.ts';

/** A process that accepts messages, and how its workers are configured. */
export interface World {
  readonly database: Database;
  readonly client: Client;
  readonly signer: TokenSigner;
  readonly workerEnv: NodeJS.ProcessEnv;
  /** Lets the app send through a provider on this machine. */
  use(provider: Provider): Promise<void>;
  /** Returns their external ids. */
  makeUsers(count: number, subscriptionOf: Way['subscriptionOf']): Promise<string[]>;
  readonly subscriptionAt: (address: string) => string | undefined;
}

/** Short, so that chunks of the dead do not wait long, and yet far longer than a busy worker stands still. */
const LEASE_MS = 2_000;

export async function makeWorld(chaos: Chaos): Promise<World> {
  const { url, database } = await chaos.database();
  const masterKey = randomBytes(32).toString('base64');
  const env = {
    DATABASE_URL: url,
    CARILLON_MASTER_KEY: masterKey,
    CARILLON_PUBLIC_URL: 'https://carillon.example',
    CARILLON_LOG_LEVEL: 'error',
    CARILLON_SEND_LEASE_MS: String(LEASE_MS),
    CARILLON_DATABASE_CONNECTIONS: '8',
    CARILLON_OUTBOUND_ALLOWED: '127.0.0.1',
  };
  const config = loadConfig({ ...env, CARILLON_ROLE: 'api', CARILLON_PORT: '0' });
  const api = await startCarillon(config, { log: createLog({ level: 'error' }) });
  chaos.afterwards(() => api.stop());
  const { url: base, appId, appKey } = api;
  if (base === null || appId === null || appKey === null) throw new Error('the API did not start');
  const client = new Client({ url: base, appId, apiKey: appKey });
  chaos.afterwards(() => client.close());

  const places = new Map<string, string>();
  return {
    database,
    client,
    signer: new TokenSigner(parseMasterKeys(masterKey)),
    workerEnv: { ...env, CARILLON_ROLE: 'worker' },
    async use({ transport, account }) {
      const answer = await fetch(`${base}/apps/${appId}/channels/${transport}`, {
        method: 'PUT',
        headers: { authorization: `Key ${appKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(account),
      });
      if (!answer.ok) throw new Error(`the account was refused: ${await answer.text()}`);
    },
    subscriptionAt: (address) => places.get(address),
    async makeUsers(count, subscriptionOf) {
      const identity = new Identity({ database, clock: systemClock });
      const names = Array.from({ length: count }, (_, index) => `user-${index}`);
      for (let from = 0; from < count; from += 2_000) {
        await Promise.all(
          names.slice(from, from + 2_000).map((name, index) =>
            identity.upsertUser(appId, {
              identity: { external_id: name },
              subscriptions: [subscriptionOf(from + index)],
            }),
          ),
        );
      }
      for (const { id, token } of await readAddresses(database)) places.set(token, id);
      return names;
    },
  };
}
