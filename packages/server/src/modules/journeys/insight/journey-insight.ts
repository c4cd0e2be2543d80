import type { JourneyRunPage, JourneyStats, UserJourneyTrace, UserJourneys } from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Hints } from '../../../platform/database/hints.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import { isUuid } from '../../../platform/ids.ts';
import type { Identity, UserPlace } from '../../identity/index.ts';
import { totalsOfJourney } from '../../messages/index.ts';
import type { Journey } from '../definition/definition.ts';
import { JourneyStore } from '../definition/journey-store.ts';
import { compileDefinition } from '../run/compile-definition.ts';
import { cancelRuns } from './cancel-store.ts';
import { readCounts } from './count-store.ts';
import { InsightStore } from './insight-store.ts';
import type { ShownRun } from './insight-store.ts';
import { presentStats } from './present-stats.ts';

/** Runs of one user in one journey that are shown with their steps. */
const MOST_RUNS = 50;
const NIL = '00000000-0000-0000-0000-000000000000';

export interface JourneyInsightOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly hints: Pick<Hints, 'give'>;
  readonly identity: Pick<Identity, 'resolveAliases'>;
}

/** What people ask of journeys: how many are where, and where somebody is and why. */
export class JourneyInsight {
  readonly #options: JourneyInsightOptions;
  readonly #journeys: JourneyStore;
  readonly #store: InsightStore;

  constructor(options: JourneyInsightOptions) {
    this.#options = options;
    this.#journeys = new JourneyStore(options.database);
    this.#store = new InsightStore(options.database);
  }

  /** Throws ApiError `journey-not-found`. */
  async stats(appId: string, journeyId: string): Promise<JourneyStats> {
    const { database } = this.#options;
    const journey = await this.#journey(appId, journeyId);
    const [counts, totals] = await Promise.all([
      readCounts(database, appId, journeyId),
      totalsOfJourney(database, appId, journeyId),
    ]);
    return presentStats(journey, counts, totals);
  }

  /** Who is inside now, page by page. Throws ApiError `journey-not-found`, and `request-invalid` naming the field. */
  async runs(
    appId: string,
    journeyId: string,
    { cursor, limit, node_id: nodeId }: { cursor?: string; limit: number; node_id?: string },
  ): Promise<JourneyRunPage> {
    const journey = await this.#journey(appId, journeyId);
    const { ids } = compileDefinition(journey.definition);
    const node = nodeId === undefined ? null : [...ids].find(([, id]) => id === nodeId.toLowerCase())?.[0];
    if (node === undefined) throw invalidField('node_id', 'must be the id of a node of this journey');
    const after = cursor === undefined ? { lane: -1, id: NIL } : readCursor(cursor);
    const found = await this.#store.runsOfJourney(appId, journeyId, { after, node, limit: limit + 1 });
    const runs = found.slice(0, limit);
    const last = runs.at(-1);
    const hasMore = found.length > limit;
    return {
      runs: runs.map((run) => presentRun(run, journey)),
      has_more: hasMore,
      ...(hasMore && last && { next_cursor: writeCursor(last) }),
    };
  }

  /** Every journey that a user is in, was in, or was not let into. Throws ApiError `user-not-found`. */
  async ofUser(appId: string, label: string, value: string): Promise<UserJourneys> {
    const place = await this.#place(appId, label, value);
    const [runs, refusals, entries, passed] = await Promise.all([
      this.#store.runsOfUser(appId, place, null),
      this.#store.refusalsOfUser(appId, place),
      this.#store.entriesOfUser(appId, place),
      this.#store.journeysOfUser(appId, place),
    ]);
    const ids = [...new Set([...[...runs, ...refusals, ...entries].map((one) => one.journeyId), ...passed])];
    const names = await this.#store.names(appId, ids);
    const journeys = new Map<string, Journey | undefined>();
    for (const id of new Set(runs.map((run) => run.journeyId))) {
      journeys.set(id, await this.#journeys.find(appId, id));
    }
    return {
      journeys: ids.toSorted().map((id) => {
        const refusal = refusals.find((one) => one.journeyId === id);
        const entry = entries.find((one) => one.journeyId === id);
        return {
          journey_id: id,
          name: names.get(id)?.name ?? null,
          state: names.get(id)?.state ?? null,
          runs: runs.filter((run) => run.journeyId === id).map((run) => presentRun(run, journeys.get(id))),
          ...(entry !== undefined &&
            !entry.inside && {
              may_enter_again: { at: entry.againAt?.toISOString() ?? null, barred: entry.barred },
            }),
          ...(refusal !== undefined && {
            not_entered: { reason: refusal.reason, at: refusal.at.toISOString() },
          }),
        };
      }),
    };
  }

  /** Where a user is in a journey, and every step on the way. Throws ApiError `user-not-found`. */
  async traceOfUser(
    appId: string,
    label: string,
    value: string,
    journeyId: string,
  ): Promise<UserJourneyTrace> {
    const place = await this.#place(appId, label, value);
    const [lines, runs, refusals, journey] = await Promise.all([
      this.#store.linesOfUser(appId, place, journeyId, MOST_RUNS),
      this.#store.runsOfUser(appId, place, journeyId),
      this.#store.refusalsOfUser(appId, place),
      this.#journeys.find(appId, journeyId),
    ]);
    const ids = journey === undefined ? new Map<number, string>() : compileDefinition(journey.definition).ids;
    const idOf = (key: number | null) => (key === null ? null : (ids.get(key) ?? null));
    const refusal = refusals.find((one) => one.journeyId === journeyId);
    return {
      journey_id: journeyId,
      runs: [...new Set(lines.map(({ runId }) => runId))].map((runId) => {
        const run = runs.find(({ id }) => id === runId);
        return {
          run_id: runId,
          run_key: run?.runKey ?? null,
          inside: run !== undefined && run.node > 0,
          node_id: idOf(run?.node ?? null),
          wakes_at: run?.wakeAt?.toISOString() ?? null,
          steps: lines
            .filter((line) => line.runId === runId)
            .map(({ at, step, node, branch, reason, messageId }) => ({
              at: at.toISOString(),
              step,
              node_id: idOf(node),
              branch_id: idOf(branch),
              reason,
              message_id: messageId,
            })),
        };
      }),
      not_entered: refusal === undefined ? null : { reason: refusal.reason, at: refusal.at.toISOString() },
    };
  }

  /**
   * Ends the runs of a user in a journey, all or the one of a key, without exit rules. They end in their turn: before
   * whatever happens to the user from now on. How many were found. Throws ApiError `user-not-found`.
   */
  async cancel(
    appId: string,
    label: string,
    value: string,
    journeyId: string,
    runKey: string | null,
  ): Promise<number> {
    const { database, clock, hints } = this.#options;
    const place = await this.#place(appId, label, value);
    const found = await cancelRuns(database, { appId, ...place, journeyId, runKey }, clock.now());
    if (found > 0) hints.give('inbox');
    return found;
  }

  async #journey(appId: string, id: string): Promise<Journey> {
    const journey = await this.#journeys.find(appId, id);
    if (journey === undefined) throw new ApiError('journey-not-found');
    return journey;
  }

  async #place(appId: string, label: string, value: string): Promise<UserPlace> {
    const asked = label === 'onesignal_id' ? value.toLowerCase() : value;
    if (label === 'onesignal_id' && !isUuid(value))
      throw new ApiError('user-not-found', { params: { label, value } });
    const place = (await this.#options.identity.resolveAliases(appId, label, [asked])).get(asked);
    if (place === undefined) throw new ApiError('user-not-found', { params: { label, value } });
    return place;
  }
}

function presentRun(run: ShownRun, journey: Journey | undefined): JourneyRunPage['runs'][number] {
  const ids = journey === undefined ? null : compileDefinition(journey.definition).ids;
  return {
    id: run.id,
    journey_id: run.journeyId,
    onesignal_id: run.userId,
    run_key: run.runKey,
    node_id: ids?.get(run.node) ?? null,
    started_at: run.startedAt.toISOString(),
    wakes_at: run.wakeAt?.toISOString() ?? null,
    held_out: run.heldOut,
  };
}

function writeCursor({ lane, id }: ShownRun): string {
  return Buffer.from(`${lane} ${id}`).toString('base64url');
}

function readCursor(cursor: string): { lane: number; id: string } {
  const [lane = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (!/^\d{1,4}$/.test(lane) || !isUuid(id)) {
    throw invalidField('cursor', 'must be a next_cursor that this list gave out');
  }
  return { lane: Number(lane), id };
}
