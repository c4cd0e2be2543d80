import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { Expression } from '../../audience/index.ts';
import type { LiveState } from './live-state.ts';

/** A walk through the users of an app in a lane, as it stands. */
export interface Walk {
  readonly lane: number;
  readonly appId: string;
  readonly begun: number;
  readonly drops: boolean;
  readonly after: string | null;
}

// Both as they are at one moment: a segment that is being filled has walks in all lanes that it is not filled in.
const look = statement(
  'live.look',
  `select v.version, (
     select json_agg(json_build_object('lane', w.lane, 'appId', w.app_id, 'begun', w.begun, 'drops', w.drops,
       'after', w.after)) from segment_walks w where w.lane = any ($1)) as walks
   from live_segments_version v`,
);

const load = statement(
  'live.load',
  `select v.version, (
     select json_agg(json_build_object('appId', l.app_id, 'segmentId', l.segment_id, 'slot', l.slot,
       'state', l.state, 'conditions', s.conditions))
     from live_segments l left join segments s on s.app_id = l.app_id and s.id = l.segment_id) as segments,
     array(select distinct app_id::text from session_watches) as "sessionApps"
   from live_segments_version v`,
);

export interface LiveRow {
  readonly appId: string;
  readonly segmentId: string;
  readonly slot: number;
  readonly state: LiveState;
  /** Null of a segment that every app has. */
  readonly conditions: Expression | null;
}

/** The version of what is watched, and the walks that go on in some lanes. */
export async function readLook(
  database: Queryable,
  lanes: readonly number[],
): Promise<{ readonly version: number; readonly walks: readonly Walk[] }> {
  const [row] = await database.rows<{ version: number; walks: Walk[] | null }>(look, [lanes]);
  return { version: row?.version ?? 0, walks: row?.walks ?? [] };
}

/** Everything that is watched, with its version. */
export async function readLive(database: Queryable): Promise<{
  readonly version: number;
  readonly segments: readonly LiveRow[];
  readonly sessionApps: readonly string[];
}> {
  type Row = { version: number; segments: LiveRow[] | null; sessionApps: string[] };
  const [row] = await database.rows<Row>(load);
  return {
    version: row?.version ?? 0,
    segments: row?.segments ?? [],
    sessionApps: row?.sessionApps ?? [],
  };
}
