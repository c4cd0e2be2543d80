import { userHash } from '../../model/diff-user.ts';
import type { MappedUser } from '../../model/mapped-user.ts';

/** No identity has it: what an import could not carry is then sent. */
const UNKNOWN = '0'.repeat(16);

/**
 * Pure: what the target has acknowledged when it has imported a user from a file. The file has columns for
 * neither aliases nor users who were taken over; of somebody who has any, only properties are known to be there.
 */
export function importedHash(user: MappedUser): string {
  const carried = Object.keys(user.aliases).length === 0 && (user.replaces ?? []).length === 0;
  const hash = userHash(user);
  return carried ? hash : hash.slice(0, 16) + UNKNOWN;
}
