import type { AuditAction, CreateSegmentBody, UpdateSegmentBody } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { isUniqueViolation } from '../../platform/database/retry.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { isUuid, newId } from '../../platform/ids.ts';
import { findApp, recordChange, recordUpdate } from '../accounts/index.ts';
import type { Author, Change } from '../accounts/index.ts';
import type { Expression } from '../audience/index.ts';
import { defaultConditions, defaultSegmentsOf, isDefaultName } from './default-segments.ts';
import { SegmentWatches } from './live/segment-watches.ts';
import { NO_SEGMENTS } from './named-segments.ts';
import type { SavedSegments } from './named-segments.ts';
import { parseDescription, parseName, parseSegmentFilters } from './parse-segment.ts';
import type { Segment } from './segment.ts';
import {
  countSegments,
  findConditions,
  findNamed,
  findSegment,
  findTaken,
  insertSegment,
  lockSegment,
  readSegments,
  removeSegment,
  setPaused,
  updateSegment,
} from './segment-store.ts';
import type { SegmentFields } from './segment-store.ts';

/** Active ones of an app. */
const MOST_SEGMENTS = 1_000;

/** The segments of all apps. */
export class Segments {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #watches: SegmentWatches;

  constructor({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
    this.#database = database;
    this.#clock = clock;
    this.#watches = new SegmentWatches(database);
  }

  /** Throws ApiError for a name or an id that is taken, for one too many, and for filters that will not do. */
  async create(appId: string, body: CreateSegmentBody, author: Author): Promise<string> {
    const id = body.id?.toLowerCase() ?? newId();
    const name = parseName(body.name);
    const description = parseDescription(body.description);
    const segment = { id, name, description, ...parseSegmentFilters(body.filters) };
    if (isDefaultName(name)) throw new ApiError('segment-name-taken');
    if (await this.#defaultOf(appId, id)) throw new ApiError('segment-id-taken');
    await this.#database.transaction(async (transaction) => {
      const now = this.#clock.now();
      if (!(await insertSegment(transaction, appId, segment, MOST_SEGMENTS, now))) {
        const taken = await findTaken(transaction, appId, segment);
        if (taken.id) throw new ApiError('segment-id-taken');
        throw new ApiError(taken.name ? 'segment-name-taken' : 'segment-limit');
      }
      await recordChange(transaction, now, author, changeOf('segment.created', appId, segment));
    });
    return id;
  }

  /** Those that every app has, then the app's own, the oldest first. */
  async list(
    appId: string,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly segments: readonly Segment[]; readonly total: number }> {
    const defaults = await this.#defaultsOf(appId, this.#database);
    const first = defaults.slice(offset, offset + limit);
    const rest = { limit: limit - first.length, offset: Math.max(0, offset - defaults.length) };
    const [own, { count }] = await Promise.all([
      rest.limit > 0 ? readSegments(this.#database, appId, rest) : [],
      countSegments(this.#database, appId),
    ]);
    return { segments: [...first, ...own], total: defaults.length + count };
  }

  /** Throws ApiError `segment-not-found`. */
  async view(appId: string, id: string): Promise<Segment> {
    const own = isUuid(id) ? await findSegment(this.#database, appId, id) : undefined;
    const segment = own ?? (await this.#defaultOf(appId, id));
    if (segment === undefined) throw new ApiError('segment-not-found');
    return segment;
  }

  /** Filters that are given replace all that were there. Throws ApiError as `create`. */
  async update(appId: string, id: string, body: UpdateSegmentBody, author: Author): Promise<void> {
    const name = parseName(body.name);
    const description = parseDescription(body.description);
    const asked = (body.filters ?? null) === null ? null : parseSegmentFilters(body.filters);
    await this.#change(appId, id, async (transaction, before, now) => {
      if (isDefaultName(name)) throw new ApiError('segment-name-taken');
      const after = {
        ...before,
        name,
        ...((body.description ?? null) !== null && { description }),
        ...asked,
      };
      await updateSegment(transaction, appId, after, now).catch((error: unknown) => {
        throw isUniqueViolation(error) ? new ApiError('segment-name-taken') : error;
      });
      if (asked !== null) await this.#watches.noteChange(transaction, appId, id);
      await recordUpdate(transaction, now, author, {
        ...changeOf('segment.updated', appId, after),
        before: fieldsOf(before),
        after: fieldsOf(after),
      });
    });
  }

  /** No new message is for a paused one; those that wait go out. Doing it twice is as once. */
  async pause(appId: string, id: string, isPaused: boolean, author: Author): Promise<void> {
    await this.#change(appId, id, async (transaction, before, now) => {
      if (before.isActive !== isPaused) return;
      const { active } = await countSegments(transaction, appId);
      if (!isPaused && active >= MOST_SEGMENTS) throw new ApiError('segment-limit');
      await setPaused(transaction, appId, id, isPaused, now);
      const action = isPaused ? 'segment.paused' : 'segment.resumed';
      await recordChange(transaction, now, author, changeOf(action, appId, before));
    });
  }

  async remove(appId: string, id: string, author: Author): Promise<void> {
    await this.#change(appId, id, async (transaction, before, now) => {
      await removeSegment(transaction, appId, id, now);
      await recordChange(transaction, now, author, changeOf('segment.deleted', appId, before));
    });
  }

  /** Segments that the app has saved under these names. */
  async named(appId: string, names: readonly string[]): Promise<SavedSegments> {
    const own = names.filter((name) => !isDefaultName(name));
    return own.length === 0 ? NO_SEGMENTS : findNamed(this.#database, appId, own);
  }

  /** Who is in the segment of this name now, one that every app has or one of its own; null where there is none. */
  async meaningOf(appId: string, name: string): Promise<Expression | null> {
    const everyApp = defaultConditions(name);
    if (everyApp !== null) return everyApp;
    const id = (await this.named(appId, [name])).get(name)?.id;
    return id === undefined ? null : ((await this.conditionsOf(appId, [id])).get(id) ?? null);
  }

  /** What segments mean now, by their ids; of a deleted one what it meant at last. */
  conditionsOf(appId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Expression>> {
    return findConditions(this.#database, appId, ids);
  }

  async #change(
    appId: string,
    id: string,
    work: (transaction: Transaction, before: Segment, now: number) => Promise<void>,
  ): Promise<void> {
    if (!isUuid(id)) throw new ApiError('segment-not-found');
    await this.#database.transaction(async (transaction) => {
      const before = await lockSegment(transaction, appId, id);
      if (before === undefined) {
        const isDefault = await this.#defaultOf(appId, id, transaction);
        throw new ApiError(isDefault ? 'segment-read-only' : 'segment-not-found');
      }
      await work(transaction, before, this.#clock.now());
    });
  }

  async #defaultsOf(appId: string, database: Queryable): Promise<readonly Segment[]> {
    const app = await findApp(database, appId);
    return app === null ? [] : defaultSegmentsOf(appId, app.created_at);
  }

  async #defaultOf(
    appId: string,
    id: string,
    database: Queryable = this.#database,
  ): Promise<Segment | undefined> {
    const asked = id.toLowerCase();
    return (await this.#defaultsOf(appId, database)).find((segment) => segment.id === asked);
  }
}

function changeOf(
  action: AuditAction,
  appId: string,
  { id, name }: { readonly id: string; readonly name: string },
): Change {
  return { action, appId, target: { type: 'segment', id, name } };
}

/** As requests name them, without addresses: the audit log outlives the people it would name. */
function fieldsOf({ name, description, filters }: SegmentFields): Readonly<Record<string, unknown>> {
  const free = filters.map((filter) => (filter.field === 'email' ? { ...filter, value: '…' } : filter));
  return { name, description, filters: free };
}
