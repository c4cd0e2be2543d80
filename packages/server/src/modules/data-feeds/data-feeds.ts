import type { AuditAction, CreateDataFeedBody, UpdateDataFeedBody } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { SecretBox } from '../../platform/crypto/index.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { isUuid, newId } from '../../platform/ids.ts';
import { ShortMemory } from '../../platform/short-memory.ts';
import { recordChange, recordUpdate } from '../accounts/index.ts';
import type { Author, Change } from '../accounts/index.ts';
import { checkDataFeed } from './check-data-feed.ts';
import type { DataFeed } from './data-feed.ts';
import {
  dataFeedsOf,
  findDataFeed,
  findDataFeedByAlias,
  insertDataFeed,
  lockDataFeed,
  removeDataFeed,
  updateDataFeed,
} from './data-feed-store.ts';
import type { DataFeedRow } from './data-feed-store.ts';

const MOST_FEEDS = 100;
/** So long a sender may go on with a feed that was changed in another process. */
const REMEMBERED = { lifeMs: 1_000, most: 10_000 };

export interface DataFeedsOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Seals headers. */
  readonly box: SecretBox;
  /** Whether a template names this alias: such a feed cannot be deleted. */
  readonly isInUse: (appId: string, alias: string) => Promise<boolean>;
}

/** The data feeds of all apps. */
export class DataFeeds {
  readonly #options: DataFeedsOptions;
  readonly #byAlias: ShortMemory<DataFeed>;

  constructor(options: DataFeedsOptions) {
    this.#options = options;
    this.#byAlias = new ShortMemory(options.clock, REMEMBERED, async (key) => {
      const [appId = '', alias = ''] = key.split(' ');
      const row = await findDataFeedByAlias(options.database, appId, alias);
      return row === null ? null : this.#open(appId, row);
    });
  }

  /** What messages are sent with: at most a second old. Null when the app has none of this alias. */
  find(appId: string, alias: string): Promise<DataFeed | null> {
    return this.#byAlias.get(`${appId} ${alias}`);
  }

  async list(appId: string): Promise<DataFeed[]> {
    return (await dataFeedsOf(this.#options.database, appId)).map((row) => this.#open(appId, row));
  }

  /** Throws ApiError `data-feed-not-found`. */
  async view(appId: string, id: string): Promise<DataFeed> {
    const row = isUuid(id) ? await findDataFeed(this.#options.database, appId, id) : null;
    if (row === null) throw new ApiError('data-feed-not-found', { params: { id } });
    return this.#open(appId, row);
  }

  /** Throws ApiError `data-feed-alias-taken`, `data-feed-limit`, and for what could never be asked. */
  async create(appId: string, asked: CreateDataFeedBody, author: Author): Promise<DataFeed> {
    const { database, clock } = this.#options;
    const now = new Date(clock.now());
    const { name, alias, method = 'GET', url, headers = {}, body = null } = asked;
    const feed = { id: newId(), name, alias, method, url, headers, body, createdAt: now, updatedAt: now };
    checkDataFeed(feed);
    await database.transaction(async (transaction) => {
      if (!(await insertDataFeed(transaction, appId, this.#seal(appId, feed), MOST_FEEDS))) {
        if ((await findDataFeedByAlias(transaction, appId, alias)) !== null) {
          throw new ApiError('data-feed-alias-taken', { params: { alias } });
        }
        throw new ApiError('data-feed-limit', { params: { limit: MOST_FEEDS } });
      }
      await recordChange(transaction, clock.now(), author, changeOf('data_feed.created', appId, feed));
    });
    return feed;
  }

  /** Throws as `create` and `view`. */
  async update(appId: string, id: string, asked: UpdateDataFeedBody, author: Author): Promise<DataFeed> {
    const { database, clock } = this.#options;
    const changed = await database.transaction(async (transaction) => {
      const before = await this.#lock(transaction, appId, id);
      const { body = before.body, ...rest } = asked;
      const after = { ...before, ...rest, body, updatedAt: new Date(clock.now()) };
      checkDataFeed(after);
      await updateDataFeed(transaction, appId, this.#seal(appId, after));
      await recordUpdate(transaction, clock.now(), author, {
        ...changeOf('data_feed.updated', appId, after),
        ...audited(before, after),
      });
      return after;
    });
    this.#byAlias.forget(`${appId} ${changed.alias}`);
    return changed;
  }

  /** Throws ApiError `data-feed-not-found`, `data-feed-in-use`. */
  async remove(appId: string, id: string, author: Author): Promise<void> {
    const { database, clock, isInUse } = this.#options;
    const removed = await database.transaction(async (transaction) => {
      const feed = await this.#lock(transaction, appId, id);
      if (await isInUse(appId, feed.alias)) {
        throw new ApiError('data-feed-in-use', { params: { alias: feed.alias } });
      }
      await removeDataFeed(transaction, appId, id);
      await recordChange(transaction, clock.now(), author, changeOf('data_feed.deleted', appId, feed));
      return feed;
    });
    this.#byAlias.forget(`${appId} ${removed.alias}`);
  }

  async #lock(transaction: Queryable, appId: string, id: string): Promise<DataFeed> {
    const row = isUuid(id) ? await lockDataFeed(transaction, appId, id) : null;
    if (row === null) throw new ApiError('data-feed-not-found', { params: { id } });
    return this.#open(appId, row);
  }

  #open(appId: string, row: DataFeedRow): DataFeed {
    const headers = this.#options.box.open(row.headers, placeOf(appId, row.id));
    return { ...row, headers: JSON.parse(headers) as DataFeed['headers'] };
  }

  #seal(appId: string, feed: DataFeed): DataFeedRow {
    const headers = this.#options.box.seal(JSON.stringify(feed.headers), placeOf(appId, feed.id));
    return { ...feed, headers };
  }
}

function placeOf(appId: string, id: string) {
  return { appId, channel: `data feed ${id}` };
}

function changeOf(action: AuditAction, appId: string, { id, name }: DataFeed): Change {
  return { action, appId, target: { type: 'data_feed', id, name } };
}

/** Headers are told as being there, and as having changed, and nothing more. */
function audited(before: DataFeed, after: DataFeed) {
  const isReplaced = JSON.stringify(before.headers) !== JSON.stringify(after.headers);
  return { before: shown(before, 'set'), after: shown(after, isReplaced ? 'set anew' : 'set') };
}

function shown({ name, method, url, body, headers }: DataFeed, word: string) {
  return { name, method, url, body, headers: Object.keys(headers).map((header) => `${header}: ${word}`) };
}
