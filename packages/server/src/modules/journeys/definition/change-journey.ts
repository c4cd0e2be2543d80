import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../../../platform/http/api-error.ts';
import { writtenOf } from '../present/present-journey.ts';
import { awaitsSegments } from './awaits-segments.ts';
import { checkLiveChange } from './check-live-change.ts';
import { checkSchedule, checkStart, checkStop } from './check-schedule.ts';
import { concurrencyKey } from './concurrency-key.ts';
import type { Definition, Journey, JourneyState, Schedule } from './definition.ts';
import { forwardRuns } from './forward-runs.ts';
import type { JourneyFields } from './journey-store.ts';
import { isLive, movesFrom, moveState, SETTABLE_STATES } from './journey-states.ts';
import { namingOf } from './known-names.ts';
import { mergePatch } from './merge-patch.ts';
import { Member } from './parse/member.ts';
import { parseJourney } from './parse/parse-journey.ts';
import { namedBy } from './validate/journey-facts.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Applies a JSON Merge Patch (RFC 7396) to what people write of a journey. Of one that is live, what
 * people inside rely on stays, and where nodes are gone their runs are led on. `now`: milliseconds.
 *
 * Throws ApiError: `request-invalid`, `journey-changed` for a concurrency key of an older revision,
 * `journey-state` for what the state does not allow. Whether it is complete enough to go live is asked elsewhere.
 */
export function changeJourney(journey: Journey, patch: JsonObject, now: number): JourneyFields {
  const { state: asked, concurrency_key: seen, ...members } = patch;
  if (seen !== undefined && seen !== concurrencyKey(journey)) throw new ApiError('journey-changed');
  if (journey.state === 'archived' && Object.keys(members).length > 0) {
    throw stateRefusal('an archived journey cannot be changed');
  }
  const { definition: written, schedule, ...texts } = parsePatched(journey, members);
  const definition = {
    ...written,
    forwards: journey.version === 0 ? {} : forwardRuns(journey.definition, written.nodes),
  };
  if (isLive(journey.state)) checkLiveChange(journey.definition, definition);
  checkSchedule(journey, schedule, now);
  const state = asked === undefined ? journey.state : nextState(journey.state, asked, definition);
  const starts = !isLive(journey.state) && isLive(state);
  if (state === 'scheduled' && (schedule?.startAt ?? null) === null) {
    throw stateRefusal('a scheduled journey needs schedule.start_at; make it active to start it now');
  }
  if (state === 'scheduled' && journey.state !== 'scheduled') checkStart(schedule, now);
  if (starts || state === 'scheduled') checkStop(schedule, now);

  const isPublished = starts || (isLive(state) && !isDeepStrictEqual(definition, journey.definition));
  const fields = {
    ...texts,
    state,
    definition,
    version: journey.version + (isPublished ? 1 : 0),
    schedule: starts ? withoutStartAhead(schedule, now) : schedule,
  };
  return {
    ...fields,
    awaitsSegments: awaitsSegments(journey, fields),
    scheduleError: isSame(fields, journey) ? journey.scheduleError : null,
  };
}

/** What is not told by the others. */
type WrittenFields = Omit<JourneyFields, 'scheduleError' | 'awaitsSegments'>;

/** Whether a change leaves everything as it is. */
export function isSame(fields: WrittenFields, journey: Journey): boolean {
  return isDeepStrictEqual(comparedOf(fields), comparedOf(journey));
}

function comparedOf(of: WrittenFields): object {
  const { name, description, state, definition, version, schedule } = of;
  return { name, description, state, definition, version, schedule };
}

function parsePatched(journey: Journey, patch: JsonObject) {
  const target: Record<string, unknown> = { ...writtenOf(journey) };
  // Nothing of an audience is of use to one of the other kind.
  const kind = new Member(patch['audience'] ?? {}, 'audience').at('kind').value;
  if (kind !== undefined && kind !== journey.definition.audience.kind) delete target['audience'];
  return parseJourney(mergePatch(target, patch) as JsonObject, namingOf(journey.definition));
}

function nextState(from: JourneyState, asked: unknown, definition: Definition): JourneyState {
  const wanted = new Member(asked, 'state').oneOf(SETTABLE_STATES);
  const state = moveState(from, wanted, namedBy(definition).segmentIds.length > 0);
  if (state !== null) return state;
  const moves = movesFrom(from);
  throw stateRefusal(
    `from ${from} it can become ${moves.length === 0 ? 'nothing else' : moves.join(', ')}, not ${wanted}`,
  );
}

/** One that starts now does not start later. */
function withoutStartAhead(schedule: Schedule | null, now: number): Schedule | null {
  const { startAt = null, stopAt = null } = schedule ?? {};
  if (startAt === null || startAt.getTime() <= now) return schedule;
  return stopAt === null ? null : { startAt: null, stopAt };
}

function stateRefusal(reason: string): ApiError {
  return new ApiError('journey-state', { params: { reason } });
}
