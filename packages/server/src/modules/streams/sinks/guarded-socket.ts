import { isIP, Socket } from 'node:net';
import { guardedLookup } from '../../../platform/outbound/index.ts';

/** Connects only where requests may go, by the address that is really connected to, whatever it is told to connect to. */
export function guardedSocket(isReachable: (address: string) => boolean, host: string): Socket {
  const socket = new Socket();
  const connect = socket.connect.bind(socket);
  socket.connect = ((port: number) => {
    if (isIP(host) !== 0 && !isReachable(host)) {
      socket.destroy(new Error(`${host} is not on the public internet`));
      return socket;
    }
    return connect({ host, port, lookup: guardedLookup(isReachable) });
  }) as Socket['connect'];
  return socket;
}
