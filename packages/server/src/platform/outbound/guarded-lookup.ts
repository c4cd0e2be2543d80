import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { OutboundFault } from './outbound-fault.ts';

/**
 * Looks names up for a socket and refuses those that lead to an address that is not reachable. The socket
 * connects to what was looked up here, so a name that leads elsewhere a moment later leads nowhere.
 */
export function guardedLookup(isReachable: (address: string) => boolean): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, [], 0);
      const inside = addresses.find(({ address }) => !isReachable(address));
      if (inside !== undefined) return done(forbidden(hostname), [], 0);
      const [first] = addresses;
      if (options.all === true || first === undefined) return done(null, addresses);
      done(null, first.address, first.family);
    });
  };
}

/** Throws OutboundFault when `host` is an address that is not reachable: nothing is looked up for one. */
export function refuseAddress(host: string, isReachable: (address: string) => boolean): void {
  if (isIP(host) !== 0 && !isReachable(host)) throw forbidden(host);
}

function forbidden(host: string): OutboundFault {
  return new OutboundFault('forbidden', `${host} is not on the public internet`);
}
