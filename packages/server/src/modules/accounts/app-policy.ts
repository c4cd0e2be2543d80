import type { AppPolicyAnswer, AudienceGuardRule } from '@carillon/wire';
import type { SendingPolicy } from './sending-policy.ts';
import { presentSending } from './sending-policy.ts';

/** Whether devices must prove which user they speak for. */
export type IdentityVerification = 'off' | 'required';

/** What an app allows its users. */
export interface AppPolicy {
  /** Most tags of a user at a time. */
  readonly tagLimit: number;
  /** Values that are refused as external_id. */
  readonly blockedExternalIds: readonly string[];
  readonly identityVerification: IdentityVerification;
  /** How many people its messages may be for within a time; null: as many as they like. */
  readonly audienceGuard: AudienceGuardRule | null;
  readonly sending: SendingPolicy;
}

/** What holds where an app has set nothing. Told from outside, because the rules belong to a later module. */
export type PolicyDefaults = Pick<AppPolicy, 'tagLimit' | 'blockedExternalIds'>;

export function presentPolicy(policy: AppPolicy): AppPolicyAnswer {
  return {
    tag_limit: policy.tagLimit,
    blocked_external_ids: [...policy.blockedExternalIds],
    identity_verification: policy.identityVerification,
    audience_guard: policy.audienceGuard,
    sending: presentSending(policy.sending),
  };
}
