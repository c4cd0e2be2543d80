import { asJson } from '../../platform/database/database.ts';
import type { UserAddress } from './alias.ts';

/** A user who was looked up, and what it was looked up by. */
export interface FoundUser {
  readonly appId: string;
  readonly userId: string;
  readonly address: UserAddress;
}

/**
 * The aliases that led to users, for a database function to look at again once it holds their rows. It fails
 * with 40001 when one of them belongs to someone else by then: look the user up again.
 */
export function namesOf(...users: readonly FoundUser[]): string {
  return asJson(
    users.flatMap(({ userId, address }) =>
      address.by === 'id' ? [] : [{ label: address.label, value: address.value, user_id: userId }],
    ),
  );
}
