import type { SubscriptionInput } from '@carillon/wire';
import type { MappedSubscription, MappedUser } from '../model/mapped-user.ts';

/** A subscription as the wire takes it. With its time, a word of consent is weighed against others by the server. */
export function subscriptionInput({
  type,
  token,
  enabled,
  consentAt,
}: MappedSubscription): SubscriptionInput {
  if (consentAt === null) return { type, token, enabled };
  const consent = { granted: enabled, at: new Date(consentAt).toISOString(), source: 'connector' };
  return { type, token, enabled, consent };
}

/** Are subscriptions of this type made from rows? Emails always were. */
export function isMapped(type: string, user: MappedUser): boolean {
  return type === 'Email' || user.subscriptions.some((mapped) => mapped.type === type);
}
