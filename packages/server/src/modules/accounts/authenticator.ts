import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Authenticator, Credentials, Denial, Principal } from '../../platform/http/route.ts';
import { ShortMemory } from '../../platform/short-memory.ts';
import { findBySecret } from './api-key-store.ts';
import { findOwner } from './app-store.ts';
import { readAuthorization } from './authorization.ts';
import { allowlist } from './ip-allowlist.ts';
import type { IdentityTokens } from './identity-verification/identity-tokens.ts';
import { hashSecret } from './secret.ts';

/** How long another process's change of a key may go unseen. */
const KEY_LIFE_MS = 10_000;
/** Apps never change hands. */
const APP_LIFE_MS = 60_000;
const MOST_REMEMBERED = 10_000;

interface KnownKey {
  readonly principal: Extract<Principal, { kind: 'app-key' | 'organization-key' }>;
  readonly allows: (ip: string) => boolean;
}

/** Authenticates requests, and forgets keys when they change in this process. */
export interface AccountsAuthenticator extends Authenticator {
  forgetKeys(): void;
}

/** Without `tokens`, identity tokens are ignored, as where no app asks for them. */
export function createAuthenticator(
  database: Database,
  clock: Clock,
  tokens: Pick<IdentityTokens, 'judge'> | null = null,
): AccountsAuthenticator {
  const keys = new ShortMemory<KnownKey>(clock, { lifeMs: KEY_LIFE_MS, most: MOST_REMEMBERED }, (hash) =>
    loadKey(database, hash),
  );
  const owners = new ShortMemory<string>(clock, { lifeMs: APP_LIFE_MS, most: MOST_REMEMBERED }, (appId) =>
    findOwner(database, appId),
  );

  async function authenticate(credentials: Credentials): Promise<Principal | Denial> {
    const authorization = readAuthorization(credentials.authorization);
    if (authorization.kind === 'none') return withoutKey(credentials);
    if (authorization.kind === 'jwt') return withToken(authorization.jwt, credentials);
    const key = await keys.get(hashSecret(authorization.secret).toString('base64'));
    if (key === null || !key.allows(credentials.ip)) return 'denied';
    return (await refusalOf(key.principal, credentials)) ?? key.principal;
  }

  async function withoutKey({ access, appId }: Credentials): Promise<Principal | Denial> {
    if (access !== 'public') return 'denied';
    const known = appId === undefined || (await owners.get(appId)) !== null;
    return known ? { kind: 'anonymous' } : 'app-unknown';
  }

  async function withToken(jwt: string, credentials: Credentials): Promise<Principal | Denial> {
    const { access, appId } = credentials;
    const opens = access === 'public' || access === 'app-or-user';
    if (tokens === null || appId === undefined || !opens) return withoutKey(credentials);
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

  return { authenticate, forgetKeys: () => keys.clear() };
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
