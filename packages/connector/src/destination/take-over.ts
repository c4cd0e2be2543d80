import type { Answer, Client } from '@carillon/client';
import type { MappedUser } from '../model/mapped-user.ts';

/** Makes a request until there is an answer that will not change. */
export type Call = <Value>(request: () => Promise<Answer<Value>>) => Promise<Answer<Value>>;

/**
 * Moves the subscriptions of those whom a user has taken over: devices too, which no row knows of.
 * null when all are moved, else the answer that stood in the way.
 */
export async function takeOver(
  client: Client,
  call: Call,
  { externalId, replaces }: MappedUser,
  signal: AbortSignal,
): Promise<Answer<unknown> | null> {
  for (const id of replaces) {
    const old = await call(() => client.users.view({ label: 'external_id', id }, signal));
    if (!old.ok && old.failure.kind === 'not-found') continue;
    if (!old.ok) return old;
    for (const subscription of old.value.subscriptions) {
      const identity = { external_id: externalId };
      const moved = await call(() => client.subscriptions.transfer(subscription.id, identity, signal));
      if (!moved.ok && moved.failure.kind !== 'not-found') return moved;
    }
  }
  return null;
}
