import { KeyedHash } from '../platform/crypto/index.ts';
import type { MasterKeys } from '../platform/crypto/index.ts';

/** What stands in erasures for the aliases of people who are gone. */
export function erasedAliases(masterKeys: MasterKeys): KeyedHash {
  return new KeyedHash(masterKeys, 'erased aliases');
}
