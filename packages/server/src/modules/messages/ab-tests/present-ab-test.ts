import type { AbTestView } from '@carillon/wire';
import { countResults } from '../delivery.ts';
import type { AbTest } from './ab-test.ts';
import type { Fate } from './fates-of.ts';

/** A test as the API shows it, with the counts of its messages. */
export function presentAbTest(test: AbTest, fates: ReadonlyMap<string, Fate>): AbTestView {
  const { id, appId, name, channel, restMessageId } = test;
  const variants = test.variants.map(({ name: variant, parts, messageId }) => ({
    name: variant,
    percent: parts / 100,
    ...fateOf(messageId, fates),
  }));
  const rest = restMessageId === null ? null : fateOf(restMessageId, fates);
  const isOver = [...variants, ...(rest === null ? [] : [rest])].every(({ completed }) => completed);
  return {
    id,
    app_id: appId,
    name,
    channel,
    state: test.state === 'decided' && isOver ? 'finished' : test.state,
    sample_percent: test.sample / 100,
    winner_by: test.winnerBy,
    winner_outcome: test.winnerOutcome,
    created_at: test.createdAt.toISOString(),
    decides_at: test.decidesAt?.toISOString() ?? null,
    decided_at: test.decidedAt?.toISOString() ?? null,
    cancelled_at: test.cancelledAt?.toISOString() ?? null,
    winner: test.winner,
    winner_reason: test.winnerReason,
    variants,
    rest,
  };
}

function fateOf(messageId: string, fates: ReadonlyMap<string, Fate>): NonNullable<AbTestView['rest']> {
  const fate = fates.get(messageId);
  const progress = fate?.progress;
  return {
    message_id: messageId,
    canceled: fate?.cancelled ?? false,
    completed: progress?.done ?? true,
    ...(progress === undefined ? { successful: 0, failed: 0, errored: 0 } : countResults(progress)),
    held_out: progress?.heldOut ?? 0,
    opened: fate?.opened ?? 0,
    clicked: fate?.clicked ?? 0,
    outcome_count: fate?.outcome.count ?? 0,
    outcome_sum: fate?.outcome.sum ?? 0,
  };
}
