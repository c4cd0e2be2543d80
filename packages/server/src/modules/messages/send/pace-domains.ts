import type { AppProvider } from '../../channels/index.ts';
import type { Recipient } from '../../identity/index.ts';
import type { Held } from './circuit.ts';
import { SlotsOfDomain } from './slots-of-domain.ts';

/** By domain, for one provider in this process. */
export type DomainSlots = Map<string, SlotsOfDomain>;

/**
 * Whether a mail has to wait for its turn at the receiving domain. `isBack`: it has waited for it already, or been
 * tried; null where it may go now.
 */
export function paceDomain<Content>(
  { domainLimits }: Pick<AppProvider<Content>, 'domainLimits'>,
  { token }: Pick<Recipient, 'token'>,
  { slots, isBack, now }: { readonly slots: DomainSlots; readonly isBack: boolean; readonly now: number },
): Held | null {
  if (domainLimits === null || isBack) return null;
  const domain = token.slice(token.lastIndexOf('@') + 1).toLowerCase();
  const perMinute = Object.hasOwn(domainLimits, domain) ? domainLimits[domain] : undefined;
  if (perMinute === undefined) return null;
  const ofDomain = slots.get(domain) ?? new SlotsOfDomain(perMinute);
  slots.set(domain, ofDomain);
  const until = ofDomain.take(now);
  if (until === null) return null;
  return { state: 'held', reason: `${domain} gets ${perMinute} a minute`, until };
}
