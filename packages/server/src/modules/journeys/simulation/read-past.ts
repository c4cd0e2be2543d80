import type { Queryable } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { askedEvents, readFactsOfUsers } from '../../audience/index.ts';
import type { AudienceSources, Expression } from '../../audience/index.ts';
import type { CompiledJourney } from '../run/compile-definition.ts';
import type { FactSources } from '../run/fact-sources.ts';
import { gatherFacts } from '../run/gather-facts.ts';
import { ACTIONS } from '../run/inbox-inputs.ts';
import type { Past, PastAction } from './past.ts';
import { readPastEvents, readReality } from './past-store.ts';
import type { KnownUser, PartOfPast, RealSend } from './past-store.ts';

/** Events of a page of users, at most: what is held in memory. */
const MOST_EVENTS = 50_000;

/** Where the past is read from. */
export interface PastSources {
  readonly database: Queryable;
  readonly facts: FactSources;
  readonly messageEvents: AudienceSources['messageEvents'];
  /** What happened to messages in one lane each, with the times, the first of each kind. */
  readonly messageTimes: (
    messages: readonly { readonly lane: number; readonly id: string }[],
  ) => Promise<readonly { readonly messageId: string; readonly kind: string; readonly at: number }[]>;
}

export interface PastOfUser {
  readonly known: KnownUser;
  readonly past: Past;
  readonly realSends: readonly RealSend[];
}

/** All that is stored of a page of users and that a journey asks for, with a few statements. */
export async function readPasts(
  sources: PastSources,
  part: PartOfPast,
  { journeyId, compiled }: { readonly journeyId: string; readonly compiled: CompiledJourney },
  meanings: ReadonlyMap<string, Expression>,
  users: readonly KnownUser[],
): Promise<PastOfUser[]> {
  const { database, messageEvents } = sources;
  const { lane, appId, from } = part;
  const ids = users.map(({ userId }) => userId);
  const places = ids.map((userId) => ({ lane, userId }));
  // What segments and messages say is asked at each moment, and not as it is now.
  const needs = {
    ...compiled.everything,
    segmentIds: new Set<string>(),
    sendingNodes: new Set<number>(),
    lastActive: compiled.everything.lastActive || compiled.definition.earlyExit?.onSession === true,
  };
  const asked = places.map((user) => ({ appId, user, needs, messages: [] }));
  const [events, reality, facts, everyFact] = await Promise.all([
    readPastEvents(database, part, namesOf(compiled), ids, MOST_EVENTS + 1),
    readReality(database, part, journeyId, ids),
    gatherFacts(asked, sources.facts),
    meanings.size === 0
      ? null
      : readFactsOfUsers(database, appId, places, askedEvents([...meanings.values()]), {
          now: from,
          messageEvents,
        }),
  ]);
  if (events.length > MOST_EVENTS) {
    throw new ApiError('journey-simulation-too-large', {
      params: { found: `more than ${MOST_EVENTS} events of ${users.length} users` },
    });
  }
  const actions = await readActions(sources, lane, compiled, reality.sends);
  const eventsOf = byUser(events);
  const runsOf = byUser(reality.runs);
  return users.map((known) => {
    const { userId } = known;
    const realRuns = runsOf.get(userId) ?? [];
    const runIds = new Set(realRuns.map(({ runId }) => runId));
    const asTheyAre = facts.of(appId, userId);
    return {
      known,
      realSends: reality.sends.filter(({ runId }) => runIds.has(runId)),
      past: {
        user: { lane, userId },
        events: eventsOf.get(userId) ?? [],
        facts: asTheyAre,
        everyFact: everyFact?.get(userId) ?? [],
        lastSession: asTheyAre.lastActive,
        realRuns,
        actions: actions.filter(({ runId }) => runIds.has(runId)),
      },
    };
  });
}

function byUser<One extends { readonly userId: string }>(all: readonly One[]): ReadonlyMap<string, One[]> {
  const found = new Map<string, One[]>();
  for (const one of all) {
    const known = found.get(one.userId);
    if (known === undefined) found.set(one.userId, [one]);
    else known.push(one);
  }
  return found;
}

function namesOf({ definition, listensTo }: CompiledJourney): readonly string[] {
  const { audience } = definition;
  return audience.kind === 'event_trigger' ? [...new Set([...listensTo, audience.name])] : [...listensTo];
}

async function readActions(
  { messageTimes }: PastSources,
  lane: number,
  { sendingNodes }: CompiledJourney,
  sends: readonly RealSend[],
): Promise<readonly PastAction[]> {
  const asked = new Map(
    sends.filter(({ node }) => sendingNodes.has(node)).map((send) => [send.messageId, send] as const),
  );
  if (asked.size === 0) return [];
  const found = await messageTimes([...asked.keys()].map((id) => ({ lane, id })));
  return found
    .flatMap(({ messageId, kind, at }) => {
      const send = asked.get(messageId);
      const action = ACTIONS[kind];
      return send === undefined || action === undefined
        ? []
        : [{ runId: send.runId, node: send.node, action, at }];
    })
    .toSorted((a, b) => a.at - b.at);
}
