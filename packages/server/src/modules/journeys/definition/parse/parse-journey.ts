import type { Definition, Schedule } from '../definition.ts';
import { Member } from './member.ts';
import { NEW_JOURNEY, NodeNames } from './node-names.ts';
import type { NamingStart } from './node-names.ts';
import { parseAudience } from './parse-audience.ts';
import { parseNodes } from './parse-nodes.ts';
import { parseSchedule } from './parse-schedule.ts';
import { parseEarlyExit, parseGoal, parseHoldOut, parseReentry } from './parse-settings.ts';

/** Members that the server decides on. */
const SERVERS_OWN = [
  'id',
  'app_id',
  'state',
  'version',
  'created_at',
  'updated_at',
  'started_at',
  'archived_at',
  'created_source',
];

/** Members that people write. */
const JOURNEY_MEMBERS = [
  'name',
  'description',
  'audience',
  'early_exit',
  'reentry_rules',
  'schedule',
  'goal',
  'hold_out_percent',
  'nodes',
] as const;

export interface JourneyDraft {
  readonly name: string;
  readonly description: string | null;
  readonly schedule: Schedule | null;
  readonly definition: Definition;
}

/**
 * Reads a journey, as it is created or as it is after a change. Throws ApiError `request-invalid`, naming
 * the field by its path, for a wrong shape and for whatever is not known here: a journey must not be
 * accepted and then do less than it says. Whether it can go live is asked elsewhere: a draft may be unfinished.
 */
export function parseJourney(
  body: Readonly<Record<string, unknown>>,
  start: NamingStart = NEW_JOURNEY,
  forwards: Definition['forwards'] = {},
): JourneyDraft {
  const journey = new Member(body, '');
  for (const field of SERVERS_OWN) {
    if (body[field] !== undefined) throw journey.at(field).refusal('is set by the server: remove it');
  }
  journey.only(...JOURNEY_MEMBERS, 'concurrency_key');
  const nodes = journey.at('nodes');
  const names = new NodeNames(nodes, start);
  return {
    name: journey.at('name').text(300),
    description: journey.at('description').optionalText(1_024),
    schedule: parseSchedule(journey.at('schedule')),
    definition: {
      audience: parseAudience(journey.at('audience')),
      nodes: parseNodes(nodes, names),
      earlyExit: parseEarlyExit(journey.at('early_exit')),
      reentrySeconds: parseReentry(journey.at('reentry_rules')),
      goal: parseGoal(journey.at('goal')),
      holdOutPercent: parseHoldOut(journey.at('hold_out_percent')),
      nextKey: names.nextKey,
      forwards,
    },
  };
}
