import type { Queryable } from '../../../platform/database/database.ts';
import { countEvents, findMessages, findProgress } from '../view/message-view-store.ts';
import type { Progress } from '../view/message-view-store.ts';
import type { WinnerRule } from './ab-test.ts';

/** How a message of a test fares so far. */
export interface Fate {
  readonly cancelled: boolean;
  readonly progress: Progress | undefined;
  /** Subscriptions, each once. */
  readonly opened: number;
  readonly clicked: number;
  readonly outcome: OutcomeTotal;
}

export interface OutcomeTotal {
  readonly count: number;
  readonly sum: number;
}

/** Of each message by its id, direct and influenced; messages without any are left out. */
export type OutcomeOfMessages = (
  appId: string,
  outcome: string,
  messageIds: readonly string[],
) => Promise<ReadonlyMap<string, OutcomeTotal>>;

const NOTHING: OutcomeTotal = { count: 0, sum: 0 };
const NO_OUTCOMES: ReadonlyMap<string, OutcomeTotal> = new Map();

/** Of each message by its id, all at one moment where `database` is a snapshot. */
export async function fatesOf(
  database: Queryable,
  appId: string,
  ids: readonly string[],
  outcomes: ReadonlyMap<string, OutcomeTotal> = NO_OUTCOMES,
): Promise<ReadonlyMap<string, Fate>> {
  const messages = await findMessages(database, appId, ids);
  const progress = await findProgress(database, ids);
  const events = await countEvents(database, ids);
  const count = (id: string, kind: string) =>
    events.find((event) => event.messageId === id && event.kind === kind)?.uniques ?? 0;
  return new Map(
    messages.map(({ id, cancelledAt }) => {
      const counts = {
        opened: count(id, 'opened'),
        clicked: count(id, 'clicked'),
        outcome: outcomes.get(id) ?? NOTHING,
      };
      return [id, { cancelled: cancelledAt !== null, progress: progress.get(id), ...counts }];
    }),
  );
}

/** What decides a test, counted of one message. */
export function hitsOf(rule: WinnerRule, { opened, clicked, outcome }: Fate): number {
  switch (rule) {
    case 'opened':
      return opened;
    case 'clicked':
      return clicked;
    case 'outcome_count':
      return outcome.count;
    case 'outcome_sum':
      return outcome.sum;
    case 'hand':
      return 0;
  }
}
