import type { Client } from '@carillon/client';
import type { MappedUser } from '../model/mapped-user.ts';
import { deliveredOf } from './delivered-of.ts';
import { DONE } from './destination.ts';
import type { Delivered } from './destination.ts';
import type { Persist } from './send-message.ts';

/**
 * Moves the subscriptions of those whom a user has taken over: devices too, which no row knows of.
 * Who is not there is done with. Looking and moving may each go at a pace of their own.
 */
export async function takeOver(
  client: Client,
  { externalId, replaces = [] }: MappedUser,
  persist: { readonly view: Persist; readonly write: Persist },
  signal: AbortSignal,
): Promise<Delivered> {
  for (const id of replaces) {
    const old = await persist.view(() => client.users.view({ label: 'external_id', id }, signal));
    if (!old.ok && old.failure.kind === 'not-found') continue;
    if (!old.ok) return deliveredOf(old);
    for (const subscription of old.value.subscriptions) {
      const identity = { external_id: externalId };
      const moved = await persist.write(() =>
        client.subscriptions.transfer(subscription.id, identity, signal),
      );
      if (!moved.ok && moved.failure.kind !== 'not-found') return deliveredOf(moved);
    }
  }
  return DONE;
}
