import type { Database } from '../../platform/database/database.ts';
import type { UserAddress } from './alias.ts';
import { findByAlias } from './alias-store.ts';
import type { UserPlace } from './recipient.ts';

/** Where the user lives that an address names; null when there is none in this app. */
export async function findUserPlace(
  database: Database,
  appId: string,
  address: UserAddress,
): Promise<UserPlace | null> {
  const { label, value } = address.by === 'alias' ? address : { label: 'onesignal_id', value: address.id };
  return (await findByAlias(database, appId, label, [value])).get(value) ?? null;
}
