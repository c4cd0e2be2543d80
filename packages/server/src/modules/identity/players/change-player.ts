import type { IdentityInput, User } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { parseToken } from '../address.ts';
import { parseType } from '../subscription-changes.ts';
import type { Subscriptions } from '../subscriptions.ts';
import { refuse } from '../text-rule.ts';
import type { Users } from '../users.ts';
import { deviceTypeOf } from './device-type.ts';
import type { PlayerRequest } from './parse-player.ts';
import type { PlayerRow } from './player-row.ts';
import type { PlayersCall } from './players-call.ts';

/** A web worker that lost its memory looks its player up with it: no statement about the person. */
const TEMPORARY_RECORD = -20;

/**
 * Changes a player that exists, as `request` says it, and moves it to another user where it names one.
 * Returns the id of the user who has it then.
 */
export async function changePlayer(
  { users, subscriptions }: { readonly users: Users; readonly subscriptions: Subscriptions },
  { appId, source }: PlayersCall,
  present: PlayerRow,
  request: PlayerRequest,
): Promise<string> {
  const { id } = present.subscription;
  const type = parseType(present.subscription.type);
  if (request.deviceType !== null && request.deviceType !== deviceTypeOf(type)) {
    refuse('device_type', `is ${deviceTypeOf(type)} and cannot be changed: create another player`);
  }
  const token = request.identifier === null ? null : parseToken(type, request.identifier);
  // Before the rest, because where a device is reached is a fact, also when its tags are refused.
  if (token !== null && token !== present.subscription.token) {
    await subscriptions.update(appId, id, { token }, source);
  }
  const write = async (identity: IdentityInput): Promise<User> => {
    const device = { id, ...withoutLookup(request.device) };
    const body = { identity, properties: request.properties, subscriptions: [device] };
    return (await users.upsert(appId, body, source)).user;
  };
  const [first, second] = ownersOf(present, request.externalId);
  const { identity } = await write(first).catch((error: unknown) => {
    if (second === null || !(error instanceof ApiError) || error.code !== 'user-2') throw error;
    return write(second);
  });
  return identity['onesignal_id'] ?? present.person.id;
}

/**
 * Whose the player is to be, and who else when that name is taken: an anonymous user is named in place
 * if nobody has the name, otherwise the player goes to whoever has it.
 */
function ownersOf(
  { person }: PlayerRow,
  externalId: string | null,
): readonly [IdentityInput, IdentityInput | null] {
  const present = { onesignal_id: person.id };
  if (externalId === null || externalId === (person.external_id ?? '')) return [present, null];
  if (externalId === '') return [{}, null];
  const named = { external_id: externalId };
  return person.external_id === null ? [{ ...present, ...named }, named] : [named, null];
}

function withoutLookup(device: PlayerRequest['device']): PlayerRequest['device'] {
  return device.notification_types === TEMPORARY_RECORD ? { ...device, notification_types: null } : device;
}
