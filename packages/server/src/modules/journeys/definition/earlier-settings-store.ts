import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { Definition, Journey } from './definition.ts';

// One row for each change of them: what was said until the version `before`.
const read = statement(
  'journeys.earlier-settings',
  `select "journeyId", before, settings
   from (
     select journey_id as "journeyId", settings, lead(version) over w as before, lead(settings) over w as next
     from (
       select v.journey_id, v.version, jsonb_build_object('audience', v.definition -> 'audience',
         'earlyExit', v.definition -> 'earlyExit', 'goal', v.definition -> 'goal') as settings
       from jsonb_to_recordset($1::jsonb) as j (app_id uuid, id uuid)
       join journey_versions v on v.app_id = j.app_id and v.journey_id = j.id) v
     window w as (partition by journey_id order by version)) s
   where next is distinct from settings and before is not null
   order by "journeyId", before`,
);

/** What is said of a run when it begins, and holds to its end: all but the nodes. */
export type Settings = Pick<Definition, 'audience' | 'earlyExit' | 'goal'>;

/** What held for those who came in at a version below `before`, and at or above that of the one listed before it. */
export interface EarlierSettings {
  readonly before: number;
  readonly settings: Settings;
}

/** Of journeys whose settings were changed, by id; ascending. */
export async function readEarlierSettings(
  database: Queryable,
  journeys: readonly Pick<Journey, 'appId' | 'id'>[],
): Promise<ReadonlyMap<string, readonly EarlierSettings[]>> {
  if (journeys.length === 0) return new Map();
  const places = journeys.map(({ appId, id }) => ({ app_id: appId, id }));
  const rows = await database.rows<EarlierSettings & { journeyId: string }>(read, [asJson(places)]);
  const ofJourneys = new Map<string, EarlierSettings[]>();
  for (const { journeyId, ...earlier } of rows) {
    const listed = ofJourneys.get(journeyId);
    if (listed === undefined) ofJourneys.set(journeyId, [earlier]);
    else listed.push(earlier);
  }
  return ofJourneys;
}
