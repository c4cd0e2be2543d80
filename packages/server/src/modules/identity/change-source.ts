import type { Principal } from '../../platform/http/route.ts';

/** Who changes something, for the history of users and for facts of consent. */
export interface ChangeSource {
  /**
   * `api`: with a key. `device`: an SDK without one. `players`: the legacy routes. `import`: a file. `events`: a custom
   * event about somebody unknown. `system`: ourselves.
   */
  readonly way: 'api' | 'device' | 'bulk' | 'players' | 'import' | 'events' | 'system';
  /** The key, where there was one. */
  readonly keyId: string | null;
}

export const BY_SYSTEM: ChangeSource = { way: 'system', keyId: null };

export function sourceOf(principal: Principal): ChangeSource {
  switch (principal.kind) {
    case 'app-key':
    case 'organization-key':
      return { way: 'api', keyId: principal.keyId };
    case 'identity-token':
    case 'anonymous':
      return { way: 'device', keyId: null };
  }
}
