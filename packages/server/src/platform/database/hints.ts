import type pg from 'pg';
import type { Database } from './database.ts';
import { statement } from './database.ts';
import type { Logger } from '../log.ts';

/**
 * Hints between processes that there is something to do, over NOTIFY. A hint may be lost, doubled or
 * late: whoever listens also looks by itself from time to time. Nothing is right only because of one.
 */
export interface Hints {
  /**
   * Tells every process that `topic` has news, this one at once. Sent outside any transaction and
   * at most once in SPACING_MS for each topic, because PostgreSQL commits notifying transactions
   * one by one.
   */
  give(topic: HintTopic): void;
  /** Calls `listener` for each hint on `topic`. Returns what stops it. */
  on(topic: HintTopic, listener: () => void): () => void;
  end(): Promise<void>;
}

/**
 * `inbox`: a lane's inbox has a new row. `owners`: lanes are free or a process has come. `senders`: a
 * chunk is ready. `feed`: the feed has grown. `apps`: the policy or the identity keys of an app have changed.
 * `keys`: an API key has changed, or an app is gone. `ab-tests`: an A/B test was made.
 * `endpoints`: a post was accepted. `streams`: an event stream was set, resumed or moved. `webhooks`: calls of webhooks
 * were appended, or a webhook was set or enabled. `journeys`: when one starts or stops has changed.
 */
export type HintTopic =
  | 'inbox'
  | 'owners'
  | 'senders'
  | 'feed'
  | 'apps'
  | 'keys'
  | 'ab-tests'
  | 'endpoints'
  | 'streams'
  | 'webhooks'
  | 'journeys';

const CHANNEL = 'carillon_hints';
const SPACING_MS = 5;
const RECONNECT_MS = 1_000;

const notify = statement('hints.notify', `select pg_notify('${CHANNEL}', $1)`);

export async function connectHints(database: Database, log: Logger): Promise<Hints> {
  const listeners = new Map<string, Set<() => void>>();
  const due = new Set<HintTopic>();
  let sender: NodeJS.Timeout | undefined;
  let ended = false;
  let client: pg.PoolClient | undefined;

  const tell = (topic: string) => {
    for (const listener of listeners.get(topic) ?? []) listener();
  };

  const send = () => {
    sender = undefined;
    const topics = [...due].join(',');
    due.clear();
    database.run(notify, [topics]).catch((error: unknown) => log.debug({ error }, 'a hint was not sent'));
  };

  const listen = async (): Promise<void> => {
    const session = await database.session();
    session.on('notification', (message) => {
      for (const topic of (message.payload ?? '').split(',')) tell(topic);
    });
    session.on('error', (error) => {
      if (client !== session) return;
      client = undefined;
      session.release(error);
      if (!ended) setTimeout(relisten, RECONNECT_MS).unref();
    });
    try {
      await session.query(`listen ${CHANNEL}`);
    } catch (error) {
      session.release(true);
      throw error;
    }
    if (ended) session.release(true);
    else client = session;
  };

  const relisten = () => {
    if (ended) return;
    listen().catch(() => setTimeout(relisten, RECONNECT_MS).unref());
  };

  await listen();

  return {
    give(topic) {
      tell(topic);
      due.add(topic);
      sender ??= setTimeout(send, SPACING_MS).unref();
    },
    on(topic, listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set.add(listener));
      return () => void set.delete(listener);
    },
    async end() {
      ended = true;
      clearTimeout(sender);
      const session = client;
      client = undefined;
      session?.removeAllListeners('notification');
      session?.release(true);
      await Promise.resolve();
    },
  };
}
