import { ApiError } from '../../../platform/http/api-error.ts';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import type { Journey, JourneyState } from './definition.ts';
import type { JourneyFields } from './journey-store.ts';
import { parseAudience, parseDescription, parseName, parseNodes } from './parse-journey.ts';

const FIELDS = new Set(['name', 'description', 'audience', 'nodes', 'state', 'concurrency_key']);

/**
 * Applies a JSON Merge Patch (RFC 7396): arrays are replaced whole, null clears the description.
 * The way through a journey is fixed once users may be on it. Throws ApiError: `request-invalid`,
 * `journey-changed` for a concurrency key of an older revision, `journey-state` for what the state
 * does not allow.
 */
export function changeJourney(journey: Journey, patch: Readonly<Record<string, unknown>>): JourneyFields {
  const stranger = Object.keys(patch).find((field) => !FIELDS.has(field));
  if (stranger !== undefined) throw invalidField(stranger, 'cannot be changed: remove it');
  const key = patch['concurrency_key'];
  if (key !== undefined && key !== concurrencyKey(journey)) throw new ApiError('journey-changed');
  if (journey.state === 'archived') throw stateRefusal('an archived journey cannot be changed');

  const { definition } = journey;
  const fixed = ['audience', 'nodes'].find((field) => patch[field] !== undefined);
  if (fixed !== undefined && journey.state !== 'draft') {
    throw stateRefusal(`${fixed} can be changed only while the journey is a draft`);
  }
  return {
    name: patch['name'] === undefined ? journey.name : parseName(patch['name']),
    description:
      patch['description'] === undefined ? journey.description : parseDescription(patch['description']),
    state: patch['state'] === undefined ? journey.state : nextState(journey.state, patch['state']),
    definition: {
      ...definition,
      ...(patch['audience'] !== undefined && {
        audience: parseAudience(merged(definition.audience, patch['audience'])),
      }),
      ...(patch['nodes'] !== undefined && parseNodes(patch['nodes'], definition.nextKey)),
    },
  };
}

/** What a client sends back to say which revision it has seen. */
export function concurrencyKey({ revision }: Journey): string {
  return String(revision);
}

function merged(old: object, patch: unknown): unknown {
  return typeof patch === 'object' && patch !== null && !Array.isArray(patch) ? { ...old, ...patch } : patch;
}

function nextState(from: JourneyState, to: unknown): JourneyState {
  switch (to) {
    case 'draft':
      if (from !== 'draft') throw stateRefusal('a journey that was active cannot become a draft again');
      return to;
    case 'active':
    case 'archived':
      return to;
    default:
      throw invalidField('state', 'must be one of draft, active, archived: no others are supported yet');
  }
}

function stateRefusal(reason: string): ApiError {
  return new ApiError('journey-state', { params: { reason } });
}
