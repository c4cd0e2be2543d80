import type { UsersModel } from '../config/config.ts';
import type { Row } from '../config/fields.ts';
import { digest } from './canonical.ts';

/** Kept in the place of a user's hash when it has been removed: it is new if it comes again. */
export const GONE = 'f'.repeat(32);

/** Under which name it is kept that a user's going was counted. */
export function countedDigest(target: string, key: string): string {
  return digest(['counted', target, key].join('\u0000'), 32);
}

/**
 * The external id of a user whose row is gone: all that is left of it is the key. null where the id is
 * made from more than that.
 */
export function externalIdOfGone({ key: column, externalId }: UsersModel<Row>, key: string): string | null {
  if (externalId === undefined) return key;
  // Numbers as numbers: a template writes either the same, a comparison does not.
  const value = /^-?\d{1,15}$/.test(key) ? Number(key) : key;
  const row = new Proxy<Row>(
    {},
    {
      get(_, name) {
        if (name === column) return value;
        throw new Error(`The column ${String(name)} is gone with the row.`);
      },
    },
  );
  try {
    const id: unknown = externalId(row);
    return typeof id === 'string' && id !== '' ? id : null;
  } catch {
    return null;
  }
}
