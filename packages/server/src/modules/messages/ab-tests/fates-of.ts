import type { Queryable } from '../../../platform/database/database.ts';
import { countEvents, findMessages, findProgress } from '../view/message-view-store.ts';
import type { Progress } from '../view/message-view-store.ts';

/** How a message of a test fares so far. */
export interface Fate {
  readonly cancelled: boolean;
  readonly progress: Progress | undefined;
  /** Subscriptions, each once. */
  readonly opened: number;
  readonly clicked: number;
}

/** Of each message by its id, all at one moment where `database` is a snapshot. */
export async function fatesOf(
  database: Queryable,
  appId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Fate>> {
  const messages = await findMessages(database, appId, ids);
  const progress = await findProgress(database, ids);
  const events = await countEvents(database, ids);
  const count = (id: string, kind: string) =>
    events.find((event) => event.messageId === id && event.kind === kind)?.uniques ?? 0;
  return new Map(
    messages.map(({ id, cancelledAt }) => {
      const counts = { opened: count(id, 'opened'), clicked: count(id, 'clicked') };
      return [id, { cancelled: cancelledAt !== null, progress: progress.get(id), ...counts }];
    }),
  );
}
