import { BLOCKED_EXTERNAL_IDS } from './alias.ts';

/** What an app allows its users. */
export interface UserPolicy {
  /** Most tags of a user at a time. */
  readonly tagLimit: number;
  /** Values that are refused as external_id. */
  readonly blockedExternalIds: readonly string[];
}

export const DEFAULT_USER_POLICY: UserPolicy = {
  tagLimit: 1_000,
  blockedExternalIds: BLOCKED_EXTERNAL_IDS,
};
