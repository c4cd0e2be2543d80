import type { IdentityKeyAnswer } from '@carillon/wire';
import type { IdentityKeyRow } from './identity-key-store.ts';
import { pemOf } from './public-key.ts';

export function presentIdentityKey(row: IdentityKeyRow): IdentityKeyAnswer {
  return {
    id: row.id,
    name: row.name,
    kid: row.kid,
    public_key: pemOf(row.public_key),
    created_at: row.created_at.toISOString(),
  };
}
