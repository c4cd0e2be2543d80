import { Type } from 'typebox';
import type { Static } from 'typebox';

const count = Type.Integer();
const textOrNull = Type.Union([Type.String(), Type.Null()]);
const timeOrNull = Type.Union([Type.String(), Type.Null()]);

const nodeStats = Type.Object({
  kind: Type.String(),
  /** Users who are there now. */
  waiting: count,
  /** How often it was passed, whatever came of it. */
  completed: count,
  exited_early: count,
  /** Ours: passed without what it does; the trace of each run says why. */
  skipped: count,
  /** Ours: left out, for those who go the way without any effect. */
  held_out: count,
  message_stats: Type.Optional(
    Type.Object({
      /** Of the messages of this node, in subscriptions. */
      totals: Type.Record(Type.String(), count),
    }),
  ),
});

/** GET /apps/{app_id}/journeys/{journey_id}/stats. */
export const journeyStats = Type.Object({
  id: Type.String(),
  /** Whoever enters again counts again. */
  started: count,
  completed: count,
  exited_early: count,
  /** Ours: users inside now. */
  in_progress: count,
  /** Ours: ended without exit rules: cancelled, or the journey was archived. */
  stopped: count,
  /** Ours: of those started, who go the way without any effect. */
  held_out: count,
  /** Ours: how often the goal was reached, and by those who are held out. */
  goals: count,
  goals_held_out: count,
  /** Ours: how often somebody was not let in, by reason. */
  not_entered: Type.Record(Type.String(), count),
  /** By node id. */
  nodes: Type.Record(Type.String(), nodeStats),
  /** By branch id: how often it was taken. */
  branches: Type.Record(Type.String(), Type.Object({ completed: count })),
});
export type JourneyStats = Static<typeof journeyStats>;

const run = Type.Object({
  id: Type.String(),
  journey_id: Type.String(),
  onesignal_id: Type.String(),
  run_key: textOrNull,
  /** Where it waits; null when its way is over and the goal can still be reached. */
  node_id: textOrNull,
  /** ISO 8601. */
  started_at: Type.String(),
  /** When it goes on by itself, ISO 8601; null: only by what happens. */
  wakes_at: timeOrNull,
  held_out: Type.Boolean(),
});

/** GET /apps/{app_id}/journeys/{journey_id}/runs. */
export const journeyRunPage = Type.Object({
  runs: Type.Array(run),
  has_more: Type.Boolean(),
  /** Absent on the last page. */
  next_cursor: Type.Optional(Type.String()),
});
export type JourneyRunPage = Static<typeof journeyRunPage>;

/** GET /apps/{app_id}/users/by/{alias_label}/{alias_id}/journeys. */
export const userJourneys = Type.Object({
  journeys: Type.Array(
    Type.Object({
      journey_id: Type.String(),
      /** Null once the journey is deleted. */
      name: textOrNull,
      state: textOrNull,
      runs: Type.Array(run),
      /** Of a journey of segments that the user was in: from when on they may come in again; null: never. */
      may_enter_again: Type.Optional(Type.Object({ at: timeOrNull, barred: Type.Boolean() })),
      /** The latest reason for which the user was not let in. */
      not_entered: Type.Optional(Type.Object({ reason: Type.String(), at: Type.String() })),
    }),
  ),
});
export type UserJourneys = Static<typeof userJourneys>;

/** GET /apps/{app_id}/users/by/{alias_label}/{alias_id}/journeys/{journey_id}: the runs of a user, newest first. */
export const userJourneyTrace = Type.Object({
  journey_id: Type.String(),
  runs: Type.Array(
    Type.Object({
      run_id: Type.String(),
      run_key: textOrNull,
      /** Whether the user is on the way still. */
      inside: Type.Boolean(),
      node_id: textOrNull,
      wakes_at: timeOrNull,
      steps: Type.Array(
        Type.Object({
          /** ISO 8601. */
          at: Type.String(),
          /** In one word: entered, waited, branched, sent, skipped, completed, ... */
          step: Type.String(),
          /** Null for steps of the whole run, and of nodes that were removed. */
          node_id: textOrNull,
          branch_id: textOrNull,
          reason: textOrNull,
          message_id: textOrNull,
        }),
      ),
    }),
  ),
  not_entered: Type.Union([Type.Object({ reason: Type.String(), at: Type.String() }), Type.Null()]),
});
export type UserJourneyTrace = Static<typeof userJourneyTrace>;

/** DELETE /apps/{app_id}/users/by/{alias_label}/{alias_id}/journeys/{journey_id}. */
export const cancelRunsAnswer = Type.Object({
  /** Runs that were found; each ends before anything else happens to it. */
  cancelling: count,
});
export type CancelRunsAnswer = Static<typeof cancelRunsAnswer>;
