import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { UserPlace } from '../../identity/index.ts';

const RUN = `lane, id, journey_id as "journeyId", user_id as "userId", run_key as "runKey", node, started_at as "startedAt",
  wake_at as "wakeAt", coalesce((context -> 'heldOut')::boolean, false) as "heldOut"`;

const runsOfJourney = statement(
  'journeys.page-of-runs',
  `select ${RUN} from journey_runs
   where journey_id = $1 and app_id = $2 and (lane, id) > ($3::int, $4::uuid) and ($5::int is null or node = $5)
   order by lane, id limit $6`,
);

const runsOfUser = statement(
  'journeys.runs-of-user',
  `select ${RUN} from journey_runs
   where lane = $1 and user_id = $2 and app_id = $3 and ($4::uuid is null or journey_id = $4)
   order by started_at desc, id`,
);

const refusalsOfUser = statement(
  'journeys.refusals-of-user',
  `select journey_id as "journeyId", reason, at from journey_refusals
   where lane = $1 and user_id = $2 and app_id = $3`,
);

const entriesOfUser = statement(
  'journeys.entries-of-user',
  `select journey_id as "journeyId", inside, barred, again_at as "againAt" from journey_entries
   where lane = $1 and user_id = $2 and app_id = $3`,
);

const passed = statement(
  'journeys.journeys-of-user',
  `select distinct journey_id as id from journey_trace
   where lane = $1 and user_id = $2 and app_id = $3 and rev = 1`,
);

const lines = statement(
  'journeys.trace-of-user',
  `select t.run_id as "runId", t.node, t.step, t.branch, t.reason, t.message_id as "messageId", t.at
   from (
     select run_id, at from journey_trace
     where lane = $1 and user_id = $2 and journey_id = $3 and app_id = $4 and rev = 1 order by at desc limit $5) r
   cross join lateral (select * from journey_trace l where l.lane = $1 and l.run_id = r.run_id offset 0) t
   order by r.at desc, t.run_id, t.rev`,
);

const names = statement(
  'journeys.names',
  `select id, name, state from journeys where app_id = $1 and id = any($2)`,
);

export interface ShownRun {
  readonly lane: number;
  readonly id: string;
  readonly journeyId: string;
  readonly userId: string;
  readonly runKey: string | null;
  /** 0: its way is over, and it waits for the goal. */
  readonly node: number;
  readonly startedAt: Date;
  readonly wakeAt: Date | null;
  readonly heldOut: boolean;
}

export interface ShownLine {
  readonly runId: string;
  readonly node: number;
  readonly step: string;
  readonly branch: number | null;
  readonly reason: string | null;
  readonly messageId: string | null;
  readonly at: Date;
}

export interface Refusal {
  readonly journeyId: string;
  readonly reason: string;
  readonly at: Date;
}

export interface ShownEntry {
  readonly journeyId: string;
  readonly inside: boolean;
  readonly barred: boolean;
  readonly againAt: Date | null;
}

/** What is asked of journeys by people; every question names the app. */
export class InsightStore {
  readonly #database: Queryable;

  constructor(database: Queryable) {
    this.#database = database;
  }

  /** Behind `after`, in the order of lanes and ids; `node`: only those who stand there. */
  runsOfJourney(
    appId: string,
    journeyId: string,
    { after, node, limit }: { after: { lane: number; id: string }; node: number | null; limit: number },
  ): Promise<ShownRun[]> {
    return this.#database.rows<ShownRun>(runsOfJourney, [
      journeyId,
      appId,
      after.lane,
      after.id,
      node,
      limit,
    ]);
  }

  runsOfUser(appId: string, { lane, userId }: UserPlace, journeyId: string | null): Promise<ShownRun[]> {
    return this.#database.rows<ShownRun>(runsOfUser, [lane, userId, appId, journeyId]);
  }

  refusalsOfUser(appId: string, { lane, userId }: UserPlace): Promise<Refusal[]> {
    return this.#database.rows<Refusal>(refusalsOfUser, [lane, userId, appId]);
  }

  entriesOfUser(appId: string, { lane, userId }: UserPlace): Promise<ShownEntry[]> {
    return this.#database.rows<ShownEntry>(entriesOfUser, [lane, userId, appId]);
  }

  /** Every journey that the user was ever in, as far as traces are kept. */
  async journeysOfUser(appId: string, { lane, userId }: UserPlace): Promise<string[]> {
    return (await this.#database.rows<{ id: string }>(passed, [lane, userId, appId])).map(({ id }) => id);
  }

  /** The latest `runs` runs of a user in a journey, newest first, with all of their lines. */
  linesOfUser(
    appId: string,
    { lane, userId }: UserPlace,
    journeyId: string,
    runs: number,
  ): Promise<ShownLine[]> {
    return this.#database.rows<ShownLine>(lines, [lane, userId, journeyId, appId, runs]);
  }

  /** Those that are deleted are absent. */
  async names(appId: string, ids: readonly string[]): Promise<Map<string, { name: string; state: string }>> {
    const found = await this.#database.rows<{ id: string; name: string; state: string }>(names, [appId, ids]);
    return new Map(found.map((journey) => [journey.id, journey]));
  }
}
