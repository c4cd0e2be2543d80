import type { Journey as WireJourney, JourneyAudience, JourneyEvent, JourneySummary } from '@carillon/wire';
import { concurrencyKey } from '../definition/concurrency-key.ts';
import type { Audience, Definition, EarlyExit, EventTest, Journey } from '../definition/definition.ts';
import { presentAttributes, presentEvent } from './present-event.ts';
import { presentNodes } from './present-node.ts';

/** A journey as the API shows it. */
export function presentJourney(journey: Journey): WireJourney {
  return {
    ...presentSummary(journey),
    ...writtenOf(journey),
    version: journey.version,
    awaits_segments: journey.awaitsSegments,
    concurrency_key: concurrencyKey(journey),
  };
}

/** What people write of a journey, as the API shows it. */
export function writtenOf(journey: Journey) {
  return {
    name: journey.name,
    description: journey.description,
    ...presentDefinition(journey.definition),
    schedule: presentSchedule(journey),
  };
}

/** What a journey does and to whom: of one as it is, and of a version. */
export function presentDefinition(definition: Definition) {
  const { audience, nodes, earlyExit, reentrySeconds, goal, holdOutPercent } = definition;
  return {
    audience: presentAudience(audience),
    early_exit: earlyExit && presentEarlyExit(earlyExit),
    reentry_rules: reentrySeconds === null ? null : { duration_seconds: reentrySeconds },
    goal: goal && { event: presentEvent(goal.event), within_seconds: goal.withinSeconds },
    hold_out_percent: holdOutPercent,
    nodes: presentNodes(nodes),
  };
}

export function presentSummary(journey: Journey): JourneySummary {
  return {
    id: journey.id,
    app_id: journey.appId,
    name: journey.name,
    state: journey.state,
    audience: { kind: journey.definition.audience.kind },
    created_at: journey.createdAt.toISOString(),
    updated_at: journey.updatedAt.toISOString(),
    started_at: journey.startedAt?.toISOString() ?? null,
    archived_at: journey.archivedAt?.toISOString() ?? null,
    created_source: 'public_api',
  };
}

function presentAudience(audience: Audience): JourneyAudience {
  switch (audience.kind) {
    case 'segment':
      return {
        kind: 'segment',
        included_segment_ids: [...audience.includedSegmentIds],
        excluded_segment_ids: [...audience.excludedSegmentIds],
        future_additions_only: audience.futureAdditionsOnly,
      };
    case 'event_trigger':
      return {
        kind: 'event_trigger',
        name: audience.name,
        attributes: presentAttributes(audience.attributes),
        run_key: audience.runKey,
      };
  }
}

function presentEarlyExit(exit: EarlyExit): WireJourney['early_exit'] {
  const { onSegmentIds, whenNotInAudience, onSession, onEvent, tags } = exit;
  return {
    rules: {
      on_segment: onSegmentIds.length === 0 ? null : { included_segment_ids: [...onSegmentIds] },
      when_not_in_audience: whenNotInAudience,
      on_session: onSession,
      on_event: presentEventOrNull(onEvent),
    },
    tag_on_early_exit: { ...tags },
  };
}

function presentEventOrNull(event: EventTest | null): JourneyEvent | null {
  return event && presentEvent(event);
}

function presentSchedule({ schedule, scheduleError }: Journey): WireJourney['schedule'] {
  if (schedule === null && scheduleError === null) return null;
  return {
    start_at: schedule?.startAt?.toISOString() ?? null,
    stop_at: schedule?.stopAt?.toISOString() ?? null,
    error: scheduleError,
  };
}
