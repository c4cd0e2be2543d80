import { BLOCKED_EXTERNAL_IDS } from './alias.ts';

/** What an app allows of its users: a setting of each app. */
export interface UserPolicy {
  /** Tags that one user can have at a time. */
  readonly tagLimit: number;
  /** Values that are refused as external_id. */
  readonly blockedExternalIds: readonly string[];
}

export const DEFAULT_USER_POLICY: UserPolicy = { tagLimit: 1_000, blockedExternalIds: BLOCKED_EXTERNAL_IDS };

/** The policy of an app, kept in memory by whoever supplies it: it is asked with every write. */
export type PolicyOf = (appId: string) => Promise<UserPolicy>;
