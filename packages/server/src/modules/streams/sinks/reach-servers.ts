import { lookup } from 'node:dns/promises';
import { refuseAddress } from '../../../platform/outbound/index.ts';

/** Where a server is: `host:port`, IPv6 in brackets. */
export interface ServerPlace {
  readonly host: string;
  readonly port: number;
}

export function placeOf(server: string): ServerPlace {
  const at = server.lastIndexOf(':');
  return { host: server.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(server.slice(at + 1)) };
}

/**
 * The first address of each server, for clients that open their sockets themselves. Rejects with OutboundFault when any
 * leads where nothing may go, and as node:dns when a name is not known.
 */
export async function reachServers(
  servers: readonly string[],
  isReachable: (address: string) => boolean,
): Promise<{ readonly name: string; readonly address: string; readonly port: number }[]> {
  const places = servers.map(placeOf);
  return Promise.all(
    places.map(async ({ host, port }) => {
      const found = await lookup(host, { all: true });
      for (const { address } of found) refuseAddress(address, isReachable);
      return { name: host, address: found[0]?.address ?? host, port };
    }),
  );
}
