import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Http } from './route.ts';

export interface Shutdown {
  readonly draining: () => boolean;
  readonly close: () => Promise<void>;
}

/**
 * Ends a server without losing requests: no new connections, those in flight are answered and told
 * that the connection ends, and what is left after `closeMs` is cut off. May be asked for twice.
 */
export function prepareShutdown(http: Http, clock: Clock, closeMs: number): Shutdown {
  let closing: Promise<void> | null = null;
  // Node does not count a connection that never sent a byte as idle, and would wait for it.
  const connections = new Set<Socket>();
  http.server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  // Requests that came before the end began were promised a connection that stays.
  http.addHook('onSend', (_request, reply, payload, done) => {
    if (closing !== null) void reply.header('connection', 'close');
    done(null, payload);
  });

  async function close(): Promise<void> {
    const deadline = clock.at(clock.now() + closeMs, () => http.server.closeAllConnections());
    const closed = http.close();
    for (const socket of connections) {
      if (socket.bytesRead === 0) socket.destroy();
    }
    await closed;
    deadline.cancel();
  }

  return {
    draining: () => closing !== null,
    close: () => (closing ??= close()),
  };
}
