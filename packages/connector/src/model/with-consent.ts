import type { UsersModel } from '../config/config.ts';
import type { Row } from '../config/fields.ts';
import { canonical, digest } from './canonical.ts';
import { afterLook, decideConsent } from './consent.ts';
import type { ConsentFact } from './consent.ts';
import { readConsent, rowEntry } from './known-consent.ts';
import type { ConsentPlace, ConsentsKept } from './known-consent.ts';
import type { MappedSubscription, MappedUser } from './mapped-user.ts';

/** A user as the destination should have it, and what to keep of this look at the row. */
export interface ConsentedUser {
  readonly user: MappedUser;
  readonly notes: readonly (readonly [key: string, value: string])[];
  /** Says which words the messaging layer had told until this look; null for none. */
  readonly told: string | null;
}

/**
 * Turns off, or on, what the messaging layer has heard of since the row was written. `get` reads what
 * the home keeps; `readAt` is a moment before the row was read, in milliseconds since the epoch.
 */
export function withConsent(
  model: UsersModel<Row>,
  target: string,
  user: MappedUser,
  get: ConsentsKept,
  readAt: number,
): ConsentedUser {
  const notes: (readonly [string, string])[] = [];
  const told: ConsentFact[] = [];
  const subscriptions = user.subscriptions.map((subscription): MappedSubscription => {
    const places = placesOf(model, user.externalId, subscription);
    const row = { granted: subscription.enabled, at: subscription.consentAt ?? null };
    const known = readConsent(target, places, get);
    if (known.told !== null) told.push(known.told);
    const { rowSaidNoAt } = afterLook(known, row, readAt);
    const [place] = places;
    if (rowSaidNoAt !== null && rowSaidNoAt !== known.rowSaidNoAt && place !== undefined) {
      notes.push(rowEntry(target, place, rowSaidNoAt));
    }
    const { granted, at } = decideConsent(row, known);
    return { ...subscription, enabled: granted, consentAt: at };
  });
  const words = told.length === 0 ? null : digest(canonical(told), 32);
  return { user: { ...user, subscriptions }, notes, told: words };
}

/**
 * Whose word counts for an address. Where people have one address of a kind, what they say is said for
 * the channel, and a new address does not undo it; where they have several, each has its own.
 */
function placesOf(
  { subscriptions = [] }: UsersModel<Row>,
  externalId: string,
  { type, token }: MappedSubscription,
): ConsentPlace[] {
  const address: ConsentPlace = { type, of: 'address', id: token };
  const isOnly = isOnlyOf(subscriptions, type);
  return isOnly ? [{ type, of: 'person', id: externalId }, address] : [address];
}

function isOnlyOf(fields: readonly { readonly type: string }[], type: string): boolean {
  let count = 0;
  for (const field of fields) if (field.type === type) count += 1;
  return count === 1;
}
