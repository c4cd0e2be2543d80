import { createHash } from 'node:crypto';
import type { IdentityToken } from '../../../platform/http/route.ts';

interface Entry {
  readonly token: IdentityToken;
  readonly until: number;
}

/**
 * Tokens that were found good, under their hash, so that a device that calls again and again costs no
 * signature each time. Forgotten as a whole when a key changes: what was being checked at that moment may
 * rest on a deleted key and is not taken in any more.
 */
export class VerifiedTokens {
  readonly #most: number;
  #entries = new Map<string, Entry>();

  constructor(most: number) {
    this.#most = most;
  }

  find(appId: string, jwt: string, now: number): IdentityToken | null {
    const entry = this.#entries.get(hashOf(appId, jwt));
    return entry !== undefined && entry.until > now ? entry.token : null;
  }

  /** Returns what takes in the outcome of a check that begins now. */
  begin(appId: string, jwt: string): (token: IdentityToken, until: number) => void {
    const entries = this.#entries;
    return (token, until) => {
      const hash = hashOf(appId, jwt);
      entries.delete(hash);
      entries.set(hash, { token, until });
      if (entries.size <= this.#most) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        return;
      }
    };
  }

  clear(): void {
    this.#entries = new Map();
  }
}

function hashOf(appId: string, jwt: string): string {
  return createHash('sha256').update(appId).update(' ').update(jwt).digest('base64');
}
