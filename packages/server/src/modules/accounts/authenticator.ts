import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Hints } from '../../platform/database/hints.ts';
import type { Authenticator, Credentials, Denial, Principal } from '../../platform/http/route.ts';
import { ShortMemory } from '../../platform/short-memory.ts';
import { findBySecret } from './api-key-store.ts';
import { findOwner } from './app-store.ts';
import { readAuthorization } from './authorization.ts';
import type { IdentityTokens } from './identity-verification/identity-tokens.ts';
import { allowlist, plainAddress } from './ip-allowlist.ts';
import { hashSecret } from './secret.ts';

/**
 * How long another process's change of a key, or its deletion of an app, may go unseen. A hint makes it
 * a matter of milliseconds; a hint can be lost.
 */
export const LONGEST_MEMORY_MS = 10_000;
const MOST_REMEMBERED = 10_000;

interface KnownKey {
  readonly principal: Extract<Principal, { kind: 'app-key' | 'organization-key' }>;
  readonly allows: (ip: string) => boolean;
}

/** Authenticates requests, and forgets what it knows when keys or apps change. */
export interface AccountsAuthenticator extends Authenticator {
  /** After a commit that changed keys or deleted an app: here at once, in other processes by a hint. */
  forgetKeys(): void;
}

export interface AuthenticatorOptions {
  /** Absent where there is one process. */
  readonly hints?: Hints;
  /** Called with each key that opened something. */
  readonly onUse?: (keyId: string, ip: string) => void;
  /** When absent, identity tokens are ignored, as where no app asks for them. */
  readonly tokens?: Pick<IdentityTokens, 'judge'>;
}

export function createAuthenticator(
  database: Database,
  clock: Clock,
  { hints, onUse, tokens }: AuthenticatorOptions = {},
): AccountsAuthenticator {
  const memory = { lifeMs: LONGEST_MEMORY_MS, most: MOST_REMEMBERED };
  const keys = new ShortMemory<KnownKey>(clock, memory, (hash) => loadKey(database, hash));
  const owners = new ShortMemory<string>(clock, memory, (appId) => findOwner(database, appId));
  const forget = () => {
    keys.clear();
    owners.clear();
  };
  hints?.on('keys', forget);

  async function authenticate(credentials: Credentials): Promise<Principal | Denial> {
    const authorization = readAuthorization(credentials.authorization);
    if (authorization.kind === 'none') return withoutKey(credentials);
    if (authorization.kind === 'jwt') return withToken(authorization.jwt, credentials);
    const key = await keys.get(hashSecret(authorization.secret).toString('base64'));
    if (key === null || !key.allows(credentials.ip)) return 'denied';
    const refusal = await refusalOf(key.principal, credentials);
    if (refusal !== null) return refusal;
    onUse?.(key.principal.keyId, plainAddress(credentials.ip));
    return key.principal;
  }

  async function withoutKey({ access, appId }: Credentials): Promise<Principal | Denial> {
    if (access !== 'public') return 'denied';
    const known = appId === undefined || (await owners.get(appId)) !== null;
    return known ? { kind: 'anonymous' } : 'app-unknown';
  }

  async function withToken(jwt: string, credentials: Credentials): Promise<Principal | Denial> {
    const { access, appId } = credentials;
    const opens = access === 'public' || access === 'app-or-user';
    if (tokens === undefined || appId === undefined || !opens) return withoutKey(credentials);
    const judgement = await tokens.judge(appId, jwt);
    switch (judgement.kind) {
      case 'ignored':
        return withoutKey(credentials);
      case 'good':
        return { kind: 'identity-token', appId, token: judgement.token };
      case 'bad':
        return { kind: 'token-refused', fault: judgement.fault };
    }
  }

  async function refusalOf(
    principal: KnownKey['principal'],
    { access, appId }: Credentials,
  ): Promise<Denial | null> {
    switch (principal.kind) {
      case 'app-key':
        if (access === 'organization') return 'forbidden';
        return appId === undefined || appId === principal.appId ? null : 'forbidden';
      case 'organization-key': {
        if (appId === undefined) return null;
        const owner = await owners.get(appId);
        if (owner === null) return 'app-unknown';
        return owner === principal.organizationId ? null : 'forbidden';
      }
    }
  }

  return {
    authenticate,
    forgetKeys() {
      forget();
      hints?.give('keys');
    },
  };
}

async function loadKey(database: Database, hash: string): Promise<KnownKey | null> {
  const row = await findBySecret(database, Buffer.from(hash, 'base64'));
  if (row === null) return null;
  const { id: keyId, organization_id: organizationId, app_id: appId } = row;
  return {
    principal:
      appId === null
        ? { kind: 'organization-key', keyId, organizationId }
        : { kind: 'app-key', keyId, appId, organizationId },
    allows: row.ip_allowlist_mode === 'explicit' ? allowlist(row.ip_allowlist) : () => true,
  };
}
