import { required } from '@carillon/client';
import type { Client, MessageView } from '@carillon/client';
import type { Database } from '@carillon/server';
import { readDoubts, readLedger, readLeft, readTargets } from './audit-store.ts';
import type { Evidence } from './judge.ts';
import type { Arrivals } from './arrivals.ts';
import type { Way } from './ways/way.ts';

export interface Scene {
  readonly database: Database;
  readonly client: Client;
  readonly channel: Way['channel'];
  readonly arrivals: Arrivals;
  readonly killed: ReadonlySet<string>;
  /** Ids of the accepted messages. */
  readonly messages: readonly string[];
  /** The message that asked for at most once. */
  readonly onceAtMost: string | null;
}

/** Everything that can be known of the sending, from the tables, the API and the provider. */
export async function gatherEvidence({
  database,
  client,
  channel,
  arrivals,
  killed,
  messages,
  onceAtMost,
}: Scene): Promise<Evidence> {
  const left = await readLeft(database);
  return {
    killed,
    onceAtMost,
    doubts: await readDoubts(database),
    targets: await readTargets(database),
    ledger: await readLedger(database),
    channel,
    arrivals: arrivals.byDelivery,
    told: await readFeed(client),
    views: await readViews(client, messages),
    left: left.chunks + left.retries,
    strangers: arrivals.strangers,
  };
}

async function readViews(client: Client, ids: readonly string[]): Promise<Map<string, MessageView>> {
  const views = new Map<string, MessageView>();
  for (const id of ids) views.set(id, required(await client.notifications.view(id)));
  return views;
}

/** The whole feed, from its beginning. */
async function readFeed(client: Client): Promise<Evidence['told']> {
  const events = [];
  for (let cursor: string | undefined; ;) {
    const page = required(await client.feed.read({ cursor, limit: 1_000 }));
    if (page.events.length === 0) return events;
    for (const { message_id, subscription_id, kind } of page.events) {
      if (message_id !== null && subscription_id !== null) events.push({ message_id, subscription_id, kind });
    }
    cursor = page.cursor;
  }
}
