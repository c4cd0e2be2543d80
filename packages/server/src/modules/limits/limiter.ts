import type { Clock } from '../../platform/clock.ts';
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
 * of a window and spends them without asking, so together they never let in more than the limit.
 */
export function createLimiter(options: ReservationsOptions): RateLimiter {
  const { clock } = options;
  const meters = new Meters(MOST_METERS);
  const reservations = new Reservations(options);

  return {
    take(rate, caller) {
      const meter = isDevice(caller.principal)
        ? meters.get('anonymous', ownerOf(caller), clientAddress(caller.ip))
        : meters.get(rate, ownerOf(caller), '');
      const told = meter.take(clock.now());
      if (told === 'ask') return askAndTake(meter, reservations, clock);
      if (told === 'unlimited') return null;
      if (meter.isLow) void reservations.ask(meter);
      return told;
    },
  };
}

async function askAndTake(meter: Meter, reservations: Reservations, clock: Clock): Promise<Allowance | null> {
  const until = clock.now() + LONGEST_WAIT_MS;
  meter.waiting += 1;
  try {
    while (clock.now() <= until) {
      await reservations.ask(meter);
      const told = meter.take(clock.now());
      if (told === 'unlimited') return null;
      if (told !== 'ask') return told;
    }
    return null;
  } finally {
    meter.waiting -= 1;
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
