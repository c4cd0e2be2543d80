import { EVENT_KIND } from '../../events/index.ts';
import { JOURNEY_MESSAGE_KIND } from '../../messages/index.ts';
import { SESSION_KIND } from '../../segments/index.ts';
import type { JourneyInboxRow } from '../run/inbox-inputs.ts';
import type { MessageAction } from '../run/run.ts';
import type { Past } from './past.ts';
import type { Rehearsal } from './rehearsal.ts';
import { momentsOf } from './standing.ts';

/** A moment at which something came for a user. */
export interface Arrival {
  readonly at: number;
  /** Null for what only segments ask for. */
  readonly row: JourneyInboxRow | null;
}

/** The words of delivery events, by what they are to journeys. */
const KINDS: Readonly<Record<MessageAction, string>> = {
  received: 'delivered',
  opened: 'opened',
  clicked: 'clicked',
};

/** All that came within the period, in its order. */
export function arrivalsOf(rehearsal: Rehearsal, past: Past): readonly Arrival[] {
  const { from, to, live } = rehearsal;
  const { events, actions, lastSession, everyFact } = past;
  const endsOnSession = live.journey.definition.earlyExit?.onSession === true;
  const arrivals: Arrival[] = [
    ...events.map(({ at, happenedAt, id, name, properties }) => {
      return { at, row: rowOf(rehearsal, past, EVENT_KIND, { id, name, properties }, happenedAt) };
    }),
    ...actions.map(({ at, runId, node, action }) => {
      const nodeId = live.compiled.ids.get(node) ?? '';
      const payload = { journeyId: live.journey.id, runId, nodeId, action: KINDS[action] };
      return { at, row: rowOf(rehearsal, past, JOURNEY_MESSAGE_KIND, payload, at) };
    }),
    ...(endsOnSession && lastSession !== null
      ? [{ at: lastSession, row: rowOf(rehearsal, past, SESSION_KIND, {}, lastSession) }]
      : []),
    ...momentsOf(everyFact).map((at) => ({ at, row: null })),
  ];
  return arrivals.filter(({ at }) => at >= from && at < to).toSorted((a, b) => a.at - b.at);
}

/** What the inbox of a lane would have. */
export function rowOf(
  { live }: Rehearsal,
  { user }: Past,
  kind: string,
  payload: JourneyInboxRow['payload'],
  at: number,
): JourneyInboxRow {
  return { ...user, id: 0, appId: live.journey.appId, kind, payload, at: new Date(at) };
}
