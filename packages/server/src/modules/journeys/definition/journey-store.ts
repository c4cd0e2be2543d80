import { statement } from '../../../platform/database/database.ts';
import type { Queryable, Statement } from '../../../platform/database/database.ts';
import type { Journey, JourneyState } from './definition.ts';
import { readEarlierSettings } from './earlier-settings-store.ts';
import type { EarlierSettings } from './earlier-settings-store.ts';
import { JOURNEY_COLUMNS as COLUMNS, journeyOfRow } from './journey-row.ts';
import type { JourneyRow } from './journey-row.ts';

// Every change raises the version in its own transaction; see journey_version in the migration.
const BUMP = `v as (update journey_version set version = version + 1)`;

const insert = statement(
  'journeys.insert',
  `with ${BUMP}
   insert into journeys (app_id, id, name, description, state, definition, start_at, stop_at, created_at, updated_at)
   values ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $8) returning ${COLUMNS}`,
);

// Compare and set on the revision: two changes at once do not undo each other.
const update = statement(
  'journeys.update',
  `with ${BUMP}
   update journeys set name = $4, description = $5, state = $6, definition = $7, version = $8, start_at = $9,
     stop_at = $10, schedule_error = $11, awaits_segments = $13, revision = revision + 1, updated_at = $12,
     started_at = case when $6 in ('processing', 'active') then coalesce(started_at, $12) else started_at end,
     archived_at = case when $6 = 'archived' then coalesce(archived_at, $12) else archived_at end
   where app_id = $1 and id = $2 and revision = $3 returning ${COLUMNS}`,
);

const remove = statement(
  'journeys.remove',
  `with ${BUMP} delete from journeys where app_id = $1 and id = $2 returning ${COLUMNS}`,
);

const find = statement('journeys.find', `select ${COLUMNS} from journeys where app_id = $1 and id = $2`);

const page = statement(
  'journeys.page',
  `select ${COLUMNS} from journeys
   where app_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid))
     and ($5::text[] is null or state = any($5))
   order by created_at desc, id desc limit $4`,
);

const version = statement('journeys.version', `select version from journey_version`);

const live = statement(
  'journeys.live',
  `select ${COLUMNS} from journeys where state in ('processing', 'active', 'paused')`,
);

// Whatever stands at any depth: a template is sent by nodes inside branches too.
const sendsTemplate = statement(
  'journeys.sends-template',
  `select exists (
     select from journeys where app_id = $1 and state <> 'archived'
       and jsonb_path_exists(definition -> 'nodes', '$.**.templateId ? (@ == $id)', jsonb_build_object('id', $2::text))
   ) as used`,
);

// Only of one that is being launched still: it may have been archived meanwhile.
const finishLaunch = statement(
  'journeys.finish-launch',
  `with changed as (
     update journeys set state = 'active', revision = revision + 1, updated_at = $3
     where app_id = $1 and id = $2 and state = 'processing' and not awaits_segments returning 1),
   v as (update journey_version set version = version + 1 where exists (select from changed))
   select exists (select from changed) as done`,
);

// Only of the version that was looked at: one after it may name more. An audience of segments is let in next.
const endAwaiting = statement(
  'journeys.end-awaiting',
  `with changed as (
     update journeys set awaits_segments = false, revision = revision + 1, updated_at = $4,
       state = case when state = 'processing' and definition -> 'audience' ->> 'kind' <> 'segment' then 'active' else state end
     where app_id = $1 and id = $2 and version = $3 and awaits_segments returning 1),
   v as (update journey_version set version = version + 1 where exists (select from changed))
   select exists (select from changed) as done`,
);

export interface JourneyFields {
  readonly name: string;
  readonly description: string | null;
  readonly state: JourneyState;
  readonly definition: Journey['definition'];
  readonly version: number;
  readonly awaitsSegments: boolean;
  readonly schedule: Journey['schedule'];
  readonly scheduleError: string | null;
}

export interface PageStart {
  readonly createdAt: number;
  readonly id: string;
}

export class JourneyStore {
  readonly #database: Queryable;

  /** A database, or an open transaction on it. */
  constructor(database: Queryable) {
    this.#database = database;
  }

  /** A draft. */
  async insert(
    appId: string,
    id: string,
    fields: Pick<JourneyFields, 'name' | 'description' | 'definition' | 'schedule'>,
    now: number,
  ): Promise<Journey> {
    const { name, description, definition, schedule } = fields;
    const times = [schedule?.startAt ?? null, schedule?.stopAt ?? null, new Date(now)];
    const values = [appId, id, name, description, JSON.stringify(definition), ...times];
    return (await this.#journeys(insert, values))[0] as Journey;
  }

  /** Undefined when `seen` is not the journey's revision any more. */
  async update(seen: Journey, fields: JourneyFields, now: number): Promise<Journey | undefined> {
    const { name, description, state, definition, version: published, schedule } = fields;
    const values = [
      seen.appId,
      seen.id,
      seen.revision,
      name,
      description,
      state,
      JSON.stringify(definition),
      published,
      schedule?.startAt ?? null,
      schedule?.stopAt ?? null,
      fields.scheduleError,
      new Date(now),
      fields.awaitsSegments,
    ];
    return (await this.#journeys(update, values))[0];
  }

  /** What it was; undefined when there was none. */
  async remove(appId: string, id: string): Promise<Journey | undefined> {
    return (await this.#journeys(remove, [appId, id]))[0];
  }

  async find(appId: string, id: string): Promise<Journey | undefined> {
    return (await this.#journeys(find, [appId, id]))[0];
  }

  /** Newest first, behind `start`, of the given states; null: of all. */
  page(
    appId: string,
    start: PageStart | null,
    limit: number,
    states: readonly JourneyState[] | null = null,
  ): Promise<Journey[]> {
    const at = start === null ? null : new Date(start.createdAt);
    return this.#journeys(page, [appId, at, start?.id ?? null, limit, states]);
  }

  async version(): Promise<number> {
    return (await this.#database.rows<{ version: number }>(version))[0]?.version ?? 0;
  }

  /** Whether a journey that is not archived sends this template. */
  async sendsTemplate(appId: string, templateId: string): Promise<boolean> {
    return (
      (await this.#database.rows<{ used: boolean }>(sendsTemplate, [appId, templateId]))[0]?.used === true
    );
  }

  /** Journeys of all apps that people may be inside of: processing, active, paused. */
  live(): Promise<Journey[]> {
    return this.#journeys(live, []);
  }

  /** What held for people inside before settings were changed, by journey; of those that were never changed nothing. */
  earlierSettings(
    journeys: readonly Pick<Journey, 'appId' | 'id'>[],
  ): Promise<ReadonlyMap<string, readonly EarlierSettings[]>> {
    return readEarlierSettings(this.#database, journeys);
  }

  /** Makes a journey active whose users of the launch have all been let in. False: it is not `processing`. */
  async finishLaunch(appId: string, id: string, now: number): Promise<boolean> {
    const values = [appId, id, new Date(now)];
    return (await this.#database.rows<{ done: boolean }>(finishLaunch, values))[0]?.done === true;
  }

  /** It is known now who is in all the segments that this version names. False: it waits for none. */
  async endAwaiting({ appId, id, version }: Journey, now: number): Promise<boolean> {
    const values = [appId, id, version, new Date(now)];
    return (await this.#database.rows<{ done: boolean }>(endAwaiting, values))[0]?.done === true;
  }

  async #journeys(asked: Statement, values: readonly unknown[]): Promise<Journey[]> {
    return (await this.#database.rows<JourneyRow>(asked, values)).map(journeyOfRow);
  }
}
