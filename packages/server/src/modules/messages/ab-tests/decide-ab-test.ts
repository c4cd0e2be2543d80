import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Partitions } from '../../../platform/database/partitions.ts';
import { newTimedId } from '../../../platform/ids.ts';
import { insertMessages } from '../message-store.ts';
import type { AbTest } from './ab-test.ts';
import { findVariantMessage, markCancelled, markDecided } from './ab-test-store.ts';
import { chooseWinner } from './choose-winner.ts';
import type { Winner } from './choose-winner.ts';
import { UNCLAIMED } from './create-ab-test.ts';
import { sliceOfRest } from './divide-sample.ts';
import { fatesOf, hitsOf } from './fates-of.ts';
import type { OutcomeOfMessages } from './fates-of.ts';
import { restMessage } from './rest-message.ts';

export interface DecideOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly partitions: Partitions;
  readonly wakeSenders: () => void;
  readonly outcomeOfMessages: OutcomeOfMessages;
}

/** Finds the winner by what has been counted so far. A test of which each message was cancelled is cancelled. */
export async function decideByMetric(options: DecideOptions, test: AbTest): Promise<void> {
  const { database, clock, outcomeOfMessages } = options;
  const { appId, id, variants, winnerBy, winnerOutcome } = test;
  const ids = variants.map(({ messageId }) => messageId);
  const outcomes = winnerOutcome === null ? undefined : await outcomeOfMessages(appId, winnerOutcome, ids);
  const fates = await database.snapshot((snapshot) => fatesOf(snapshot, appId, ids, outcomes));
  const winner = chooseWinner(
    variants.map(({ name, messageId }) => {
      const fate = fates.get(messageId);
      const hits = fate === undefined ? 0 : hitsOf(winnerBy, fate);
      return { name, cancelled: fate?.cancelled ?? true, sent: fate?.progress?.sent ?? 0, hits };
    }),
  );
  if (winner === null) await markCancelled(database, appId, id, clock.now());
  else await decideFor(options, test, winner);
}

/**
 * Sends a variant to the rest: the decision and the message are committed together, by whoever is first. False when
 * that was somebody else.
 */
export async function decideFor(
  { database, clock, partitions, wakeSenders }: DecideOptions,
  { id, appId, sample, variants }: AbTest,
  winner: Winner,
): Promise<boolean> {
  const now = clock.now();
  const messageId = variants.find(({ name }) => name === winner.name)?.messageId ?? '';
  const slice = sliceOfRest(id, sample);
  const variant = await findVariantMessage(database, appId, messageId);
  const rest =
    slice === null || variant === undefined
      ? null
      : restMessage(variant, slice, { id: newTimedId(now), now });
  if (rest !== null) await partitions.need(now);
  const decided = await database.transaction(async (transaction) => {
    if (!(await markDecided(transaction, id, winner, rest?.id ?? null, now))) return false;
    if (rest !== null) await insertMessages(transaction, [rest], UNCLAIMED.owner, UNCLAIMED.leaseMs);
    return true;
  });
  if (decided) wakeSenders();
  return decided;
}
