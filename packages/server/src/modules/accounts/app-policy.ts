import type { AppPolicyAnswer, AudienceGuardRule, Utm } from '@carillon/wire';
import type { SendingPolicy } from './sending-policy.ts';
import { presentSending } from './sending-policy.ts';

/** Whether devices must prove which user they speak for. */
export type IdentityVerification = 'off' | 'required';

/** What an app allows its users, and what all its emails have. */
export interface AppPolicy {
  /** Most tags of a user at a time. */
  readonly tagLimit: number;
  /** Values that are refused as external_id. */
  readonly blockedExternalIds: readonly string[];
  readonly identityVerification: IdentityVerification;
  /** What links of its emails carry for web analytics. */
  readonly utm: Utm | null;
  /** How many people its messages may be for within a time; null: as many as they like. */
  readonly audienceGuard: AudienceGuardRule | null;
  readonly sending: SendingPolicy;
  /** What becomes of a custom event about an external_id that nobody has. */
  readonly unknownEventUsers: 'refuse' | 'create';
}

/** What holds where an app has set nothing. Told from outside, because the rules belong to a later module. */
export type PolicyDefaults = Pick<AppPolicy, 'tagLimit' | 'blockedExternalIds'>;

export function presentPolicy(policy: AppPolicy): AppPolicyAnswer {
  return {
    tag_limit: policy.tagLimit,
    blocked_external_ids: [...policy.blockedExternalIds],
    identity_verification: policy.identityVerification,
    utm: policy.utm,
    audience_guard: policy.audienceGuard,
    sending: presentSending(policy.sending),
    unknown_event_users: policy.unknownEventUsers,
  };
}
