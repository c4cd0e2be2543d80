import type { Journey } from '@carillon/wire';
import { isObject, mapObjects } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/** Members of a journey that a file has. */
const MEMBERS = [
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

/** What a member means when it is left out. */
const DEFAULTS: Readonly<Record<string, Json>> = { otherwise: 'continue' };

/**
 * A journey as a file says it: what the server decides on is away, as is what would be the same if it were
 * left out. Two journeys that do the same are alike in this form.
 */
export function plainForm(journey: JsonObject | Journey): JsonObject {
  const all = journey as unknown as JsonObject;
  const members = Object.fromEntries(MEMBERS.map((member) => [member, all[member]]));
  const clients = clientIdsOf(members['nodes'] ?? []);
  const plain = mapObjects(members, (object) => {
    const { id: _, ...rest } = object;
    const sending = rest['sending_node_id'];
    const client = typeof sending === 'string' ? clients.get(sending) : undefined;
    const spoken =
      client === undefined ? rest : { ...rest, sending_node_id: undefined, client_node_id: client };
    return withoutDefaults(spoken);
  });
  const { schedule, ...rest } = plain as { readonly schedule?: JsonObject } & JsonObject;
  const { error: _, ...times } = schedule ?? {};
  return Object.keys(times).length === 0 ? rest : { ...rest, schedule: timesOf(times) };
}

function withoutDefaults(object: JsonObject): JsonObject {
  const kept = Object.entries(object).filter(([name, value]) => {
    if (value === undefined || value === null || value === false || value === 0) return false;
    if (Array.isArray(value) && value.length === 0) return false;
    if (isObject(value) && Object.keys(value).length === 0) return isMeant(name);
    return DEFAULTS[name] !== value;
  });
  return Object.fromEntries(kept);
}

/** A member that says something although it is empty. */
function isMeant(name: string): boolean {
  return name === 'audience';
}

/** The same moment is written in several ways. */
function timesOf(schedule: JsonObject): JsonObject {
  const times = Object.entries(schedule).map(([name, time]) => {
    const at = typeof time === 'string' ? Date.parse(time) : Number.NaN;
    return [name, Number.isNaN(at) ? time : new Date(at).toISOString()];
  });
  return Object.fromEntries(times) as JsonObject;
}

function clientIdsOf(nodes: Json): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  mapObjects(nodes, (object) => {
    const { id, kind, client_node_id: client } = object;
    if (typeof id === 'string' && kind !== undefined && typeof client === 'string') found.set(id, client);
    return object;
  });
  return found;
}
