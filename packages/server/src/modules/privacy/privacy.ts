import { Readable } from 'node:stream';
import type { Erasure, ErasurePage } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { KeyedHash } from '../../platform/crypto/index.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { decodeCursor, encodeCursor } from '../../platform/http/page-cursor.ts';
import { isUuid } from '../../platform/ids.ts';
import type { Identity, KeyNames, PersonalData, UserAddress } from '../identity/index.ts';
import type { ErasureRow } from './erasure.ts';
import { findErasure, findErasures } from './erasure-store.ts';
import { exportPerson } from './export-person.ts';

export interface PrivacyOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly identity: Pick<Identity, 'person'>;
  /** Everything that holds data about people. */
  readonly parts: readonly PersonalData[];
  readonly keyNames: KeyNames;
  /** As `Identity` is given it: what stands in erasures for an alias. */
  readonly erasedAliases: KeyedHash;
}

const ERASURES_A_PAGE = 50;
const FIRST = [Date.UTC(9999, 11, 31), 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;

/** What people may ask about their data: all of it, and that all of it is gone. */
export class Privacy {
  readonly #options: PrivacyOptions;

  constructor(options: PrivacyOptions) {
    this.#options = options;
  }

  /** Everything that is held about a user, as JSON. Throws ApiError `user-not-found`. */
  async export(appId: string, address: UserAddress): Promise<{ userId: string; json: Readable }> {
    const { clock, identity, parts } = this.#options;
    const { user, person } = await identity.person(appId, address);
    const json = Readable.from(exportPerson(user, person, parts, clock.now()), { objectMode: false });
    return { userId: user.identity['onesignal_id'] ?? '', json };
  }

  /** Throws ApiError `erasure-not-found`. */
  async erasure(appId: string, id: string): Promise<Erasure> {
    const row = isUuid(id) ? await findErasure(this.#options.database, appId, id) : undefined;
    const [erasure] = row === undefined ? [] : await this.#present(appId, [row]);
    if (erasure === undefined) throw new ApiError('erasure-not-found');
    return erasure;
  }

  /**
   * One page, newest first; with `alias`, the erasures that were asked for by this alias. Throws ApiError
   * `request-invalid`, `cursor-invalid`.
   */
  async erasures(
    appId: string,
    query: { readonly limit?: number; readonly cursor?: string; readonly alias?: string },
  ): Promise<ErasurePage> {
    const { database } = this.#options;
    const { limit = ERASURES_A_PAGE, cursor, alias } = query;
    const list = ['erasures', appId, alias ?? null];
    const [at, id] = cursor === undefined ? FIRST : decodeCursor(list, cursor, ['integer', 'uuid']);
    const hashes = alias === undefined ? null : this.#hashesOf(appId, alias);
    const rows = await findErasures(database, appId, { at, id }, hashes, limit + 1);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      erasures: await this.#present(appId, page),
      has_more: more,
      ...(more && { next_cursor: encodeCursor(list, [last.requestedAt.getTime(), last.id]) }),
    };
  }

  #hashesOf(appId: string, alias: string): Buffer[] {
    const colon = alias.indexOf(':');
    if (colon < 1) {
      throw new ApiError('request-invalid', {
        params: { field: 'alias', rule: 'must be a label and a value with a colon between them' },
      });
    }
    const [label, value] = [alias.slice(0, colon), alias.slice(colon + 1)];
    return this.#options.erasedAliases.all(
      appId,
      label,
      label === 'onesignal_id' ? value.toLowerCase() : value,
    );
  }

  async #present(appId: string, rows: readonly ErasureRow[]): Promise<Erasure[]> {
    const keys = [...new Set(rows.flatMap(({ actor }) => actor ?? []))];
    const names = keys.length === 0 ? new Map<string, string>() : await this.#options.keyNames(appId, keys);
    return rows.map(({ id, kind, state, source, actor, requestedAt, doneAt, erased }) => ({
      id,
      kind,
      state,
      requested_at: requestedAt.toISOString(),
      done_at: doneAt?.toISOString() ?? null,
      source,
      key: actor === null ? null : { id: actor, name: names.get(actor) ?? null },
      erased: { ...erased },
    }));
  }
}
