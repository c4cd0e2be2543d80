import type { DeliveryEventKind } from '../../delivery-event.ts';

/**
 * What a bounce is about, whoever tells it:
 * - hard: the address takes no mail, for good.
 * - soft: it takes none for the moment.
 * - blocked: this mail was not taken, for what it says or for who sends it.
 */
export type BounceClass = 'hard' | 'soft' | 'blocked';

/** Only what is the address's own fault, for good, puts it on the suppression list. */
export function kindOfBounce(bounce: BounceClass): Extract<DeliveryEventKind, 'bounced' | 'soft_bounced'> {
  switch (bounce) {
    case 'hard':
      return 'bounced';
    case 'soft':
    case 'blocked':
      return 'soft_bounced';
  }
}

/**
 * Enhanced status codes (RFC 3463 and its registry) by which an address takes no mail for good: no such mailbox or domain,
 * a bad address, one that has moved, an ambiguous one, a domain that takes no mail (RFC 7505), and a mailbox that is
 * disabled.
 */
const HARD: ReadonlySet<string> = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.4', '5.1.6', '5.1.10', '5.2.1']);
/** Security and policy, and what the mail says: `5.7.1`, `5.6.0`. A size and a protocol are the mail's, too. */
const BLOCKED = /^5\.[567]\.|^5\.2\.3$|^5\.3\.4$/;

/** What an enhanced status code says of a bounce. Those that say too little suppress nobody. */
export function classOfStatus(status: string): BounceClass {
  if (HARD.has(status)) return 'hard';
  return BLOCKED.test(status) ? 'blocked' : 'soft';
}
