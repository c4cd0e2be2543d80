import { Type } from 'typebox';
import type { Static } from 'typebox';
import { journeyBody } from './journey.ts';
import { templatePreview } from './template-preview.ts';

const textOrNull = Type.Union([Type.String(), Type.Null()]);
/** ISO 8601. */
const time = Type.String();
const timeOrNull = Type.Union([time, Type.Null()]);
const counts = Type.Record(Type.String(), Type.Integer());

/** POST /apps/{app_id}/journeys/{journey_id}/simulate */
export const journeySimulationBody = Type.Object(
  {
    /** ISO 8601, or Unix seconds. The journey goes live then, with nobody inside. */
    from: Type.String(),
    /** Not in the period any more; now when absent. */
    to: Type.Optional(Type.String()),
    /** Only these; all when absent. */
    users: Type.Optional(
      Type.Array(
        Type.Object({ label: Type.String(), value: Type.String() }, { additionalProperties: false }),
        { minItems: 1, maxItems: 100 },
      ),
    ),
    /** A merge patch, as a PATCH of the journey takes it: simulated, and not kept. */
    changes: Type.Optional(journeyBody),
    /** When an event counts as having come: when this server took it, or when it is said to have happened. */
    events_by: Type.Optional(Type.Union([Type.Literal('received'), Type.Literal('happened')])),
    /** Only so many of hundred users, always the same. */
    sample_percent: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    /** What the messages of this page would have said. */
    include_texts: Type.Optional(Type.Boolean()),
    /** People on a page. */
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    cursor: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
export type JourneySimulationBody = Static<typeof journeySimulationBody>;

const step = Type.Object({
  at: time,
  /** Null for what belongs to no node. */
  node_id: textOrNull,
  step: Type.String(),
  branch_id: textOrNull,
  reason: textOrNull,
});

const send = Type.Object({
  at: time,
  node_id: textOrNull,
  channel: Type.String(),
  template_id: Type.String(),
  subscription_ids: Type.Array(Type.String()),
  /** Null when they were not asked for, and behind the first 50 of a page. */
  texts: Type.Union([templatePreview, Type.Null()]),
});

const realSend = Type.Object({ at: time, node_id: textOrNull, message_id: Type.String() });

const run = Type.Object({
  run_id: Type.String(),
  run_key: textOrNull,
  entered_at: time,
  state: Type.Union([Type.Literal('inside'), Type.Literal('ended')]),
  /** Of a run that is still inside at the end of the period. */
  waits_at_node_id: textOrNull,
  waits_until: timeOrNull,
  steps: Type.Array(step),
  sends: Type.Array(send),
  /** What the same run really sent in the period; null when there was no such run. */
  really: Type.Union([Type.Object({ entered_at: time, sends: Type.Array(realSend) }), Type.Null()]),
});

const person = Type.Object({
  onesignal_id: Type.String(),
  external_id: textOrNull,
  runs: Type.Array(run),
  /** Runs that are not shown, of somebody with more than 100. */
  more_runs: Type.Integer(),
  not_entered: Type.Array(Type.Object({ at: time, reason: Type.String(), times: Type.Integer() })),
  /** Runs that really began in the period, and that the simulation does not have. */
  really_only: Type.Array(
    Type.Object({ run_id: Type.String(), entered_at: time, sends: Type.Array(realSend) }),
  ),
});

const totals = Type.Object({
  /** Who was looked at: who had the event that lets in, or everybody where a segment does. */
  users: Type.Integer(),
  entered: Type.Integer(),
  held_out: Type.Integer(),
  not_entered: counts,
  completed: Type.Integer(),
  exited_early: counts,
  /** At the end of the period. */
  inside: Type.Integer(),
  goals: Type.Integer(),
  goals_held_out: Type.Integer(),
  nodes: Type.Array(
    Type.Object({
      node_id: Type.String(),
      kind: Type.String(),
      /** How often each step was taken. */
      steps: counts,
      waiting: Type.Integer(),
      branches: Type.Array(Type.Object({ branch_id: Type.String(), taken: Type.Integer() })),
      /** Of a node that sends. */
      sends: Type.Union([
        Type.Object({
          simulated: Type.Integer(),
          really: Type.Integer(),
          /** By the same run. */
          both: Type.Integer(),
        }),
        Type.Null(),
      ]),
    }),
  ),
  sends_per_day: Type.Array(
    Type.Object({ day: Type.String(), simulated: Type.Integer(), really: Type.Integer() }),
  ),
  /** Of runs that really began in the period. */
  really: Type.Object({
    entered: Type.Integer(),
    /** The same runs as simulated ones. */
    both: Type.Integer(),
    sends: Type.Integer(),
  }),
});

export const journeySimulation = Type.Object({
  journey_id: Type.String(),
  from: time,
  to: time,
  /** Null behind the first page. */
  totals: Type.Union([totals, Type.Null()]),
  /** In the order of lanes and ids: always the same. */
  people: Type.Array(person),
  has_more: Type.Boolean(),
  /** Absent on the last page. */
  next_cursor: Type.Optional(Type.String()),
  /** What is taken as it is now, and what is not known of the past. */
  assumptions: Type.Array(Type.String()),
});
export type JourneySimulation = Static<typeof journeySimulation>;
