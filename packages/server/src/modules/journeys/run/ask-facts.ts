import type { Batch } from './batch.ts';
import type { StoredEntry } from './entry-store.ts';
import type { Asked } from './gather-facts.ts';
import type { RowInput } from './inbox-inputs.ts';
import { compiledFor } from './journey-index.ts';
import type { JourneyIndex, LiveJourney } from './journey-index.ts';
import type { Needs } from './needs.ts';
import { NO_NEEDS } from './needs.ts';
import type { WorkingRun } from './working-run.ts';

/** What a batch works: rows of the inbox, runs that are woken, entries that are looked at again. */
export interface Work {
  readonly inputs: readonly RowInput[];
  readonly runs: readonly string[];
  readonly entries: readonly StoredEntry[];
}

/** All that the steps of a batch may ask, known before the first is taken. */
export function factsAskedBy(batch: Batch, { inputs, runs, entries }: Work, index: JourneyIndex): Asked[] {
  const asked: Asked[] = [];
  const ask = (
    live: LiveJourney,
    lane: number,
    userId: string,
    needs: Needs,
    messages: readonly string[],
  ) => {
    if (needs === NO_NEEDS) return;
    asked.push({ appId: live.journey.appId, user: { lane, userId }, needs, messages });
  };
  const askForRun = (working: WorkingRun, isMovedOnce: boolean) => {
    const live = index.get(working.place.journeyId);
    if (live === undefined || working.run === null) return;
    const compiled = compiledFor(live, working.place.version);
    const place = isMovedOnce ? compiled.places.get(working.run.node) : undefined;
    const needs = place === undefined ? [compiled.everything] : [place.leaving, compiled.exiting];
    // It has yet to come to the node at which it stands.
    if (working.run.context.pending?.kind === 'entry' && place !== undefined) {
      needs.push(place.arriving, compiled.entering);
    }
    for (const one of needs) {
      ask(live, working.place.lane, working.userId, one, messagesOf(working, one));
    }
  };

  const timesOf = countUsers(inputs);
  const seen = new Set<string>();
  for (const { row, input } of inputs) {
    const { userId, lane, appId } = row;
    // Whoever is told of several things may come to any node in between.
    const isMovedOnce = timesOf.get(userId) === 1;
    if (!seen.has(userId)) for (const working of batch.runsOf(userId)) askForRun(working, isMovedOnce);
    seen.add(userId);
    for (const live of startedBy(index, appId, input)) {
      ask(live, lane, userId, isMovedOnce ? live.compiled.entering : live.compiled.everything, []);
    }
  }
  for (const id of runs) {
    const working = batch.run(id);
    if (working !== undefined && !seen.has(working.userId)) askForRun(working, true);
  }
  for (const { journeyId, lane, userId } of entries) {
    const live = index.get(journeyId);
    if (live !== undefined) ask(live, lane, userId, live.compiled.entering, []);
  }
  return asked;
}

function messagesOf({ run }: WorkingRun, { sendingNodes }: Needs): readonly string[] {
  if (sendingNodes.size === 0) return [];
  return [...sendingNodes].flatMap((node) => run?.context.sent?.[node] ?? []);
}

function startedBy(index: JourneyIndex, appId: string, input: RowInput['input']): readonly LiveJourney[] {
  if (input.kind === 'event') return index.startedBy(appId, input.event.name);
  return input.kind === 'segments' ? index.withAudience(appId, [...input.entered, ...input.left]) : [];
}

function countUsers(inputs: readonly RowInput[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { row } of inputs) times.set(row.userId, (times.get(row.userId) ?? 0) + 1);
  return times;
}
