import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { Journey, JourneyState } from './definition.ts';

const COLUMNS = `app_id as "appId", id, name, description, state, definition, revision, created_at as "createdAt",
  updated_at as "updatedAt", started_at as "startedAt", archived_at as "archivedAt"`;

// Every change raises the version in its own transaction; see journey_version in the migration.
const BUMP = `v as (update journey_version set version = version + 1)`;

const insert = statement(
  'journeys.insert',
  `with ${BUMP}
   insert into journeys (app_id, id, name, description, state, definition, created_at, updated_at)
   values ($1, $2, $3, $4, 'draft', $5, $6, $6) returning ${COLUMNS}`,
);

// Compare and set on the revision: two changes at once do not undo each other.
const update = statement(
  'journeys.update',
  `with ${BUMP}
   update journeys set name = $4, description = $5, state = $6, definition = $7, revision = revision + 1, updated_at = $8,
     started_at = case when $6 = 'active' then coalesce(started_at, $8) else started_at end,
     archived_at = case when $6 = 'archived' then coalesce(archived_at, $8) else archived_at end
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
   order by created_at desc, id desc limit $4`,
);

const version = statement('journeys.version', `select version from journey_version`);

const active = statement('journeys.active', `select ${COLUMNS} from journeys where state = 'active'`);

const sendsTemplate = statement(
  'journeys.sends-template',
  `select exists (
     select from journeys where app_id = $1 and state <> 'archived'
       and definition -> 'nodes' @> jsonb_build_array(jsonb_build_object('templateId', $2::text))
   ) as used`,
);

export interface JourneyFields {
  readonly name: string;
  readonly description: string | null;
  readonly state: JourneyState;
  readonly definition: Journey['definition'];
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

  async insert(
    appId: string,
    id: string,
    fields: Omit<JourneyFields, 'state'>,
    now: number,
  ): Promise<Journey> {
    const { name, description, definition } = fields;
    const values = [appId, id, name, description, JSON.stringify(definition), new Date(now)];
    return (await this.#database.rows<Journey>(insert, values))[0] as Journey;
  }

  /** Undefined when `seen` is not the journey's revision any more. */
  async update(seen: Journey, fields: JourneyFields, now: number): Promise<Journey | undefined> {
    const { name, description, state, definition } = fields;
    const { appId, id, revision } = seen;
    const values = [appId, id, revision, name, description, state, JSON.stringify(definition), new Date(now)];
    return (await this.#database.rows<Journey>(update, values))[0];
  }

  /** What it was; undefined when there was none. */
  async remove(appId: string, id: string): Promise<Journey | undefined> {
    return (await this.#database.rows<Journey>(remove, [appId, id]))[0];
  }

  async find(appId: string, id: string): Promise<Journey | undefined> {
    return (await this.#database.rows<Journey>(find, [appId, id]))[0];
  }

  /** Newest first, behind `start`. */
  page(appId: string, start: PageStart | null, limit: number): Promise<Journey[]> {
    const at = start === null ? null : new Date(start.createdAt);
    return this.#database.rows<Journey>(page, [appId, at, start?.id ?? null, limit]);
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

  active(): Promise<Journey[]> {
    return this.#database.rows<Journey>(active);
  }
}
