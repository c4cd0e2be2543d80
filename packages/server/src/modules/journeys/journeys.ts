import type { AuditAction, DuplicateJourneyBody } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { newId } from '../../platform/ids.ts';
import { recordChange, recordUpdate, SYSTEM } from '../accounts/index.ts';
import type { Author, Change } from '../accounts/index.ts';
import { changeJourney, isSame } from './definition/change-journey.ts';
import type { JsonObject } from './definition/change-journey.ts';
import { checkSchedule } from './definition/check-schedule.ts';
import { copyDefinition } from './definition/copy-definition.ts';
import type { Definition, Journey, JourneyState } from './definition/definition.ts';
import { isLive } from './definition/journey-states.ts';
import { JourneyStore } from './definition/journey-store.ts';
import type { JourneyFields, PageStart } from './definition/journey-store.ts';
import { parseJourney } from './definition/parse/parse-journey.ts';
import { patchOfNode } from './definition/patch-node.ts';
import { refuseInvalid } from './definition/refuse-invalid.ts';
import type { Complaint } from './definition/validate/complaint.ts';
import { gatherFacts } from './definition/validate/gather-facts.ts';
import type { NamedSources } from './definition/validate/gather-facts.ts';
import { namedBy } from './definition/validate/journey-facts.ts';
import { validateJourney } from './definition/validate/validate-journey.ts';
import { findVersion, insertVersion, readVersions } from './definition/version-store.ts';
import type { JourneyVersion } from './definition/version-store.ts';
import { writtenOf } from './present/present-journey.ts';

export interface JourneysOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** What is known of the templates, segments and webhooks that journeys name. */
  readonly named: NamedSources;
  /**
   * From the commit on, exactly these segments are kept live for a journey, and whose session is a new one is told
   * where `sessions` is true.
   */
  readonly watchSegments: (
    transaction: Transaction,
    journey: { readonly appId: string; readonly id: string },
    watched: { readonly segmentIds: readonly string[]; readonly sessions: boolean },
  ) => Promise<void>;
  /** Called after a change of a journey that is live or has a time at which it starts or stops. */
  readonly onChange: () => void;
}

/** With `isDryRun` everything is looked at, and nothing is written. */
export interface ChangeOptions {
  readonly isDryRun?: boolean;
}

/** Journeys as they are written and read by people. What they do to users is the worker's. */
export class Journeys {
  readonly #options: JourneysOptions;
  readonly #store: JourneyStore;

  constructor(options: JourneysOptions) {
    this.#options = options;
    this.#store = new JourneyStore(options.database);
  }

  /** Always a draft. Throws ApiError `request-invalid`. */
  async create(appId: string, body: JsonObject, author: Author = SYSTEM): Promise<Journey> {
    const draft = parseJourney(body);
    checkSchedule({ state: 'draft', schedule: null }, draft.schedule, this.#options.clock.now());
    return this.#insert(appId, draft, author);
  }

  /** Throws ApiError `journey-not-found`. */
  async get(appId: string, id: string): Promise<Journey> {
    const journey = await this.#store.find(appId, id);
    if (journey === undefined) throw new ApiError('journey-not-found');
    return journey;
  }

  /** A page of those in the given states, newest first, and whether there are more. Null: in any. */
  async list(
    appId: string,
    start: PageStart | null,
    limit: number,
    states: readonly JourneyState[] | null = null,
  ): Promise<{ journeys: Journey[]; hasMore: boolean }> {
    const journeys = await this.#store.page(appId, start, limit + 1, states);
    return { journeys: journeys.slice(0, limit), hasMore: journeys.length > limit };
  }

  /**
   * Throws ApiError as `changeJourney` does; `journey-invalid` for one that is or would be live or scheduled
   * and has errors.
   */
  update(
    appId: string,
    id: string,
    patch: JsonObject,
    author: Author = SYSTEM,
    { isDryRun = false }: ChangeOptions = {},
  ): Promise<Journey> {
    return this.#change(appId, id, () => patch, { author, isDryRun });
  }

  /** As `update`, of one node. Throws ApiError `journey-node-not-found` too. */
  updateNode(
    { appId, id, nodeId }: { readonly appId: string; readonly id: string; readonly nodeId: string },
    patch: JsonObject,
    author: Author = SYSTEM,
  ): Promise<Journey> {
    return this.#change(appId, id, (journey) => patchOfNode(journey, nodeId, patch), { author });
  }

  /** All that is wrong with a journey, or looks like it. Throws ApiError `journey-not-found`. */
  async validate(appId: string, id: string): Promise<readonly Complaint[]> {
    return this.#complaints(appId, (await this.get(appId, id)).definition);
  }

  /** As `validate`, of one that would be created. Throws ApiError as `create`. */
  async validateNew(appId: string, body: JsonObject): Promise<readonly Complaint[]> {
    const { definition, schedule } = parseJourney(body);
    checkSchedule({ state: 'draft', schedule: null }, schedule, this.#options.clock.now());
    return this.#complaints(appId, definition);
  }

  /** A draft that says the same, without a schedule. Throws ApiError as `version`. */
  async duplicate(
    appId: string,
    id: string,
    { name, from_version: version }: DuplicateJourneyBody,
    author: Author = SYSTEM,
  ): Promise<Journey> {
    const journey = await this.get(appId, id);
    const { definition } =
      version === undefined || version === null ? journey : await this.version(appId, id, version);
    const copy = {
      name: name ?? `Copy of ${journey.name}`.slice(0, 300),
      description: journey.description,
      schedule: null,
      definition: copyDefinition(definition),
    };
    return this.#insert(appId, copy, author);
  }

  /** A page of what it was, newest first, and whether there are more. Throws ApiError `journey-not-found`. */
  async versions(
    appId: string,
    id: string,
    before: number | null,
    limit: number,
  ): Promise<{ versions: JourneyVersion[]; hasMore: boolean }> {
    const journey = await this.get(appId, id);
    const versions = await readVersions(this.#options.database, journey, before, limit + 1);
    return { versions: versions.slice(0, limit), hasMore: versions.length > limit };
  }

  /** Throws ApiError `journey-not-found`, `journey-version-not-found`. */
  async version(appId: string, id: string, version: number): Promise<JourneyVersion> {
    const journey = await this.get(appId, id);
    const found = await findVersion(this.#options.database, journey, version);
    if (found === undefined) throw new ApiError('journey-version-not-found', { params: { version } });
    return found;
  }

  /** Users inside stop where they are. Throws ApiError `journey-not-found`. */
  async remove(appId: string, id: string, author: Author = SYSTEM): Promise<void> {
    const { database, clock, onChange } = this.#options;
    await database.transaction(async (transaction) => {
      const removed = await new JourneyStore(transaction).remove(appId, id);
      if (removed === undefined) throw new ApiError('journey-not-found');
      await this.#watch(transaction, removed, null);
      await recordChange(transaction, clock.now(), author, changeOf('journey.deleted', removed));
    });
    onChange();
  }

  /**
   * Makes a scheduled journey that could not start a draft again, which says why. Undefined when somebody has
   * changed it meanwhile.
   */
  failStart(journey: Journey, reason: string): Promise<Journey | undefined> {
    return this.#write(journey, { ...journey, state: 'draft', scheduleError: reason }, SYSTEM);
  }

  async #change(
    appId: string,
    id: string,
    patchOf: (journey: Journey) => JsonObject,
    { author, isDryRun = false }: ChangeOptions & { readonly author: Author },
  ): Promise<Journey> {
    for (;;) {
      const seen = await this.get(appId, id);
      const patch = patchOf(seen);
      const fields = changeJourney(seen, patch, this.#options.clock.now());
      if (isSame(fields, seen)) return seen;
      if (fields.version > seen.version || fields.state === 'scheduled') {
        refuseInvalid(await this.#complaints(appId, fields.definition));
      }
      if (isDryRun) return { ...seen, ...fields };
      const changed = await this.#write(seen, fields, author);
      if (changed !== undefined) return changed;
      // Changed by somebody else in between: this change is made again, over theirs, unless it must not be.
      if (patch['concurrency_key'] !== undefined) throw new ApiError('journey-changed');
    }
  }

  async #write(seen: Journey, fields: JourneyFields, author: Author): Promise<Journey | undefined> {
    const { database, clock, onChange } = this.#options;
    const now = clock.now();
    const written = await database.transaction(async (transaction) => {
      const changed = await new JourneyStore(transaction).update(seen, fields, now);
      if (changed === undefined) return undefined;
      if (changed.version !== seen.version) await insertVersion(transaction, changed, now);
      await this.#watch(transaction, seen, changed);
      await recordUpdate(transaction, now, author, {
        ...changeOf('journey.updated', changed),
        before: auditedOf(seen),
        after: auditedOf(changed),
      });
      return changed;
    });
    if (written !== undefined) onChange();
    return written;
  }

  /** Keeps live what a journey that people may be inside of asks; nothing once it is over. */
  async #watch(transaction: Transaction, before: Journey, after: Journey | null): Promise<void> {
    const wasLive = isLive(before.state);
    if (after === null || !isLive(after.state)) {
      const nothing = { segmentIds: [], sessions: false };
      if (wasLive) await this.#options.watchSegments(transaction, before, nothing);
      return;
    }
    if (wasLive && after.version === before.version) return;
    const { definition } = after;
    // Who came in before its settings were changed goes by those of then.
    const earlier = (await new JourneyStore(transaction).earlierSettings([after])).get(after.id) ?? [];
    const inside = [definition, ...earlier.map(({ settings }) => ({ ...definition, ...settings }))];
    await this.#options.watchSegments(transaction, after, {
      segmentIds: [...new Set(inside.flatMap((one) => namedBy(one).segmentIds))],
      sessions: inside.some(({ earlyExit }) => earlyExit?.onSession === true),
    });
  }

  async #insert(
    appId: string,
    fields: Parameters<JourneyStore['insert']>[2],
    author: Author,
  ): Promise<Journey> {
    const { database, clock } = this.#options;
    const now = clock.now();
    return database.transaction(async (transaction) => {
      const journey = await new JourneyStore(transaction).insert(appId, newId(), fields, now);
      await recordChange(transaction, now, author, changeOf('journey.created', journey));
      return journey;
    });
  }

  async #complaints(appId: string, definition: Definition): Promise<readonly Complaint[]> {
    return validateJourney(definition, await gatherFacts(appId, definition, this.#options.named));
  }
}

function changeOf(action: AuditAction, { appId, id, name }: Pick<Journey, 'appId' | 'id' | 'name'>): Change {
  return { action, appId, target: { type: 'journey', id, name } };
}

/** As requests name them. */
function auditedOf(journey: Journey): Readonly<Record<string, unknown>> {
  return { ...writtenOf(journey), state: journey.state };
}
