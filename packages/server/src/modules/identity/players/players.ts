import type {
  Player,
  PlayerBody,
  PlayerFocusBody,
  PlayerPage,
  PlayerPurchasesBody,
  PlayerTagsBody,
  UserDeltas,
} from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { isUuid } from '../../../platform/ids.ts';
import { parseToken } from '../address.ts';
import type { Subscriptions } from '../subscriptions.ts';
import type { Users } from '../users.ts';
import { changePlayer } from './change-player.ts';
import { typeOfDevice, unknownDevice } from './device-type.ts';
import { inOldWords } from './old-words.ts';
import { parsePlayer, parsePlayerTags, whole } from './parse-player.ts';
import type { PlayerRequest } from './parse-player.ts';
import { presentPlayer } from './player-row.ts';
import type { PlayerRow } from './player-row.ts';
import { countPlayers, findPlayer, findPlayerByToken, listPlayers } from './player-store.ts';
import type { PlayersCall } from './players-call.ts';
import { whileMoving } from './while-moving.ts';

/** Above this the list is closed, as it always was. */
const MOST_LISTED = 80_000;

export interface PlayersOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly users: Users;
  readonly subscriptions: Subscriptions;
}

/**
 * The routes of players, as calls: what they say is put into the words of users and subscriptions, and
 * written by them. Each throws ApiError as the route answers.
 */
export class Players {
  readonly #options: PlayersOptions;

  constructor(options: PlayersOptions) {
    this.#options = options;
  }

  /** Creates a player, or changes the one that has this identifier. Returns its id. */
  create(call: PlayersCall, body: PlayerBody): Promise<string> {
    return this.#write(async () => {
      const { database, users } = this.#options;
      const type = typeOfDevice(whole(body.device_type));
      const token = parseToken(type, body.identifier ?? '');
      const present = token === '' ? null : await findPlayerByToken(database, call.appId, type, token);
      if (present !== null) {
        await changePlayer(this.#options, call, present, this.#parse(body, present));
        return present.subscription.id;
      }
      const { externalId, properties, device } = this.#parse(body, null);
      const identity = externalId === null || externalId === '' ? {} : { external_id: externalId };
      const subscription = { ...device, session_count: device.session_count ?? 1, type, token };
      const written = { identity, properties, subscriptions: [subscription] };
      const { user } = await users.upsert(call.appId, written, call.source);
      return user.subscriptions[0]!.id;
    });
  }

  update(call: PlayersCall, id: string, body: PlayerBody): Promise<void> {
    return this.#write(async () => {
      const present = await this.#find(call.appId, id);
      await changePlayer(this.#options, call, present, this.#parse(body, present));
    });
  }

  /**
   * A session begins, with what has changed since the last one. Returns the id of the player that was
   * made because the one asked for is not there, else null.
   */
  startSession(call: PlayersCall, id: string, body: PlayerBody): Promise<string | null> {
    return this.#write(async () => {
      const present = await this.#lookUp(call.appId, id);
      if (present === null) {
        if (whole(body.device_type) === null) throw unknownDevice();
        return this.create(call, body);
      }
      const owner = await changePlayer(this.#options, call, present, this.#parse(body, present));
      // Last, so that a device which tries again because the rest was refused counts one session.
      await this.#add(call, owner, present, { session_count: 1 });
      return null;
    });
  }

  addPurchases(call: PlayersCall, id: string, { purchases }: PlayerPurchasesBody): Promise<void> {
    return this.#write(async () => {
      const present = await this.#find(call.appId, id);
      await this.#add(call, present.person.id, present, { purchases });
    });
  }

  /** Seconds since the last call of a device that is in use. */
  addFocus(call: PlayersCall, id: string, { active_time: seconds }: PlayerFocusBody): Promise<void> {
    return this.#write(async () => {
      const present = await this.#find(call.appId, id);
      const deltas = { session_time: Math.round(Number(seconds ?? 0)) };
      await this.#add(call, present.person.id, present, deltas);
    });
  }

  async view(appId: string, id: string): Promise<Player> {
    return presentPlayer(await this.#find(appId, id), this.#options.clock.now());
  }

  /** The oldest first. */
  async list(appId: string, page: { readonly limit: number; readonly offset: number }): Promise<PlayerPage> {
    const { database, clock } = this.#options;
    const total = await countPlayers(database, appId, MOST_LISTED + 1);
    if (total > MOST_LISTED) throw new ApiError('players-too-many', { params: { limit: MOST_LISTED } });
    const rows = await listPlayers(database, appId, page);
    return { total_count: total, ...page, players: rows.map((row) => presentPlayer(row, clock.now())) };
  }

  async delete({ appId, source }: PlayersCall, id: string): Promise<void> {
    const present = await this.#lookUp(appId, id);
    if (present === null) throw new ApiError('player-not-found-on-delete');
    await this.#options.subscriptions.delete(appId, present.subscription.id, source);
  }

  /** Changes tags of the user who has this external_id. */
  editTags({ appId, source }: PlayersCall, externalId: string, { tags }: PlayerTagsBody): Promise<void> {
    return inOldWords(async () => {
      const address = { by: 'alias', label: 'external_id', value: externalId } as const;
      const properties = { tags: parsePlayerTags(tags) };
      await this.#options.users.update(appId, address, { properties }, source);
    });
  }

  #write<Result>(work: () => Promise<Result>): Promise<Result> {
    return inOldWords(() => whileMoving(work));
  }

  async #add(
    { appId, source }: PlayersCall,
    userId: string,
    { subscription }: PlayerRow,
    deltas: UserDeltas,
  ): Promise<void> {
    const address = { by: 'id', id: userId } as const;
    await this.#options.users.update(appId, address, { deltas }, source, subscription.id);
  }

  #parse(body: PlayerBody, present: PlayerRow | null): PlayerRequest {
    return parsePlayer(body, present?.person.timezone_id ?? null, this.#options.clock.now());
  }

  async #find(appId: string, id: string): Promise<PlayerRow> {
    const found = await this.#lookUp(appId, id);
    if (found === null) throw new ApiError('player-not-found');
    return found;
  }

  async #lookUp(appId: string, id: string): Promise<PlayerRow | null> {
    return isUuid(id) ? findPlayer(this.#options.database, appId, id.toLowerCase()) : null;
  }
}
