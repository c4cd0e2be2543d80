import type { Allowance, Caller, RateLimiter } from '../../platform/http/rate.ts';
import type { Principal } from '../../platform/http/route.ts';
import { clientAddress } from './client-address.ts';
import type { Meter } from './meter.ts';
import { Meters } from './meters.ts';
import { Reservations } from './reservations.ts';
import type { ReservationsOptions } from './reservations.ts';

/** Meters that a process remembers: some 300 bytes each. */
const MOST_METERS = 20_000;
/** For calls about no app and no organization. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
/** How long a request may go on asking while its answers come when their windows are over. */
const LONGEST_WAIT_MS = 2_000;

/**
 * Counts requests against limits that all processes on one database share. Each process reserves parts
 * of a window and spends them without asking, so together they never let in more than the limit. Of an
 * address's limit each process gives out a 64th before it asks: most addresses never want more.
 */
export function createLimiter(options: ReservationsOptions): RateLimiter {
  const { clock } = options;
  const meters = new Meters(MOST_METERS);
  const reservations = new Reservations(options);

  return {
    take(rate, caller) {
      const ownerId = ownerOf(caller);
      if (!isDevice(caller.principal)) return spend(meters.get(rate, ownerId, ''), null);
      const meter = meters.get('anonymous', ownerId, clientAddress(caller.ip));
      return spend(meter, meters.get('anonymous', ownerId, ''));
    },
  };

  /** `terms` is the meter that `meter` borrows from before it asks. */
  function spend(meter: Meter, terms: Meter | null): Allowance | null | Promise<Allowance | null> {
    const now = clock.now();
    let told = meter.take(now);
    if (told === 'ask' && terms?.holds(now) === true && meter.borrow(terms)) told = meter.take(now);
    if (told === 'ask') return askAndSpend(meter, terms);
    if (told === 'unlimited') return null;
    if (meter.isLow) void reservations.ask(meter);
    return told;
  }

  async function askAndSpend(meter: Meter, terms: Meter | null): Promise<Allowance | null> {
    const until = clock.now() + LONGEST_WAIT_MS;
    meter.waiting += 1;
    try {
      while (clock.now() <= until) {
        if (terms === null || terms.holds(clock.now())) {
          await reservations.ask(meter);
        } else {
          await reservations.ask(terms);
          meter.borrow(terms);
        }
        const told = meter.take(clock.now());
        if (told === 'unlimited') return null;
        if (told !== 'ask') return told;
      }
      return null;
    } finally {
      meter.waiting -= 1;
    }
  }
}

/** A signed token tells which user a device speaks for, not how often it may call. */
function isDevice({ kind }: Principal): boolean {
  return kind === 'anonymous' || kind === 'identity-token';
}

function ownerOf({ principal, appId }: Caller): string {
  if (appId !== '') return appId;
  switch (principal.kind) {
    case 'app-key':
    case 'identity-token':
      return principal.appId;
    case 'organization-key':
      return principal.organizationId;
    case 'anonymous':
      return NOBODY;
  }
}
