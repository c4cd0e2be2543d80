import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { CreateIdentityKeyBody, CreatedIdentityKey } from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Hints } from '../../../platform/database/hints.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { newId } from '../../../platform/ids.ts';
import type { Author } from '../audit/author.ts';
import { recordChange } from '../audit/record-change.ts';
import { findPolicy, lockPolicy } from '../app-policy-store.ts';
import { deleteIdentityKey, identityKeysOf, insertIdentityKey } from './identity-key-store.ts';
import type { IdentityKeyRow } from './identity-key-store.ts';
import { presentIdentityKey } from './present-identity-key.ts';
import { publicKeyOf, readPublicKey } from './public-key.ts';
import type { PublicKey } from './public-key.ts';

/** Of one app. A token without a kid is tried against each of them. */
const MOST_KEYS = 16;

const generate = promisify(generateKeyPair);

export interface IdentityKeysOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly hints: Pick<Hints, 'give'>;
}

/** The keys that an app's identity tokens may be signed with. Several, so that one can take over from another. */
export class IdentityKeys {
  readonly #options: IdentityKeysOptions;

  constructor(options: IdentityKeysOptions) {
    this.#options = options;
  }

  /** Oldest first. */
  list(appId: string): Promise<IdentityKeyRow[]> {
    return identityKeysOf(this.#options.database, appId);
  }

  /**
   * Keeps the public key of the body, or makes a pair and tells its private half, this once. Throws
   * `request-invalid`, `app-not-found`, `identity-key-known` or `identity-key-limit`.
   */
  async create(
    appId: string,
    { name, public_key: given }: CreateIdentityKeyBody,
    author: Author,
  ): Promise<CreatedIdentityKey> {
    const made = given === undefined ? await makePair() : { key: await readPublicKey(given) };
    const row: IdentityKeyRow = {
      id: newId(),
      name,
      kid: made.key.kid,
      public_key: made.key.jwk,
      created_at: new Date(this.#options.clock.now()),
    };
    await this.#options.database.transaction(async (transaction) => {
      if (!(await lockPolicy(transaction, appId))) {
        throw new ApiError('app-not-found', { params: { app_id: appId } });
      }
      const present = await identityKeysOf(transaction, appId);
      if (present.some(({ kid }) => kid === row.kid)) {
        throw new ApiError('identity-key-known', { params: { kid: row.kid } });
      }
      if (present.length >= MOST_KEYS) {
        throw new ApiError('identity-key-limit', { params: { limit: MOST_KEYS } });
      }
      await insertIdentityKey(transaction, appId, row);
      await recordChange(transaction, this.#options.clock.now(), author, {
        action: 'identity_key.created',
        appId,
        target: { type: 'identity_key', id: row.id, name },
        metadata: { kid: row.kid },
      });
    });
    this.#options.hints.give('apps');
    return { ...presentIdentityKey(row), ...('privateKey' in made && { private_key: made.privateKey }) };
  }

  /**
   * Tokens that the key has signed open nothing any more: at once in this process, a moment later in
   * others. Throws `identity-key-not-found`, or `identity-key-last` while the app requires tokens.
   */
  async delete(appId: string, id: string, author: Author): Promise<void> {
    await this.#options.database.transaction(async (transaction) => {
      await lockPolicy(transaction, appId);
      if (!(await deleteIdentityKey(transaction, appId, id))) {
        throw new ApiError('identity-key-not-found', { params: { id } });
      }
      const policy = await findPolicy(transaction, appId);
      const isRequired = policy?.identity_verification === 'required';
      if (isRequired && (await identityKeysOf(transaction, appId)).length === 0) {
        throw new ApiError('identity-key-last');
      }
      await recordChange(transaction, this.#options.clock.now(), author, {
        action: 'identity_key.deleted',
        appId,
        target: { type: 'identity_key', id },
      });
    });
    this.#options.hints.give('apps');
  }
}

async function makePair(): Promise<{ key: PublicKey; privateKey: string }> {
  const { publicKey, privateKey } = await generate('ec', { namedCurve: 'P-256' });
  return {
    key: await publicKeyOf(publicKey),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
