import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../../../../platform/clock.ts';
import { writeBind } from './bind.ts';
import { STATUS, reasonOfStatus } from './command-status.ts';
import { COMMAND } from './pdu.ts';
import type { SmppSettings } from './smpp-account.ts';
import { SmppSession, SmppSessionLost } from './smpp-session.ts';
import type { SmppSessionOptions } from './smpp-session.ts';

/** A server that does not let us in is given up after this, so that a page ends in bounded time. */
const CONNECT_MS = 10_000;
const ANSWER_MS = 30_000;

/** Connects and binds as a transceiver. Rejects with SmppSessionLost, which says why. */
export async function openSession(
  settings: SmppSettings,
  clock: Clock,
  hooks: Pick<SmppSessionOptions, 'onRequest' | 'onEnd'>,
): Promise<SmppSession> {
  const socket = await connectTo(settings, clock);
  const enquireMs = settings.enquireLinkSeconds * 1_000;
  const session = new SmppSession(socket, { clock, answerMs: ANSWER_MS, enquireMs, ...hooks });
  const impatience = clock.at(clock.now() + CONNECT_MS, () => session.destroy());
  try {
    const { status } = await session.ask(COMMAND.bindTransceiver, writeBind(settings));
    if (status === STATUS.ok) return session;
    session.destroy();
    throw new SmppSessionLost(reasonOfStatus(status));
  } finally {
    impatience.cancel();
  }
}

function connectTo({ host, port, security }: SmppSettings, clock: Clock): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const isSecure = security === 'tls';
    const socket = isSecure ? connectTls({ host, port, servername: host }) : connect({ host, port });
    const fail = (error: Error) => {
      const why = (error as NodeJS.ErrnoException).code ?? error.message;
      reject(new SmppSessionLost(`the SMSC cannot be reached (${why})`, { cause: error }));
    };
    const impatience = clock.at(clock.now() + CONNECT_MS, () => socket.destroy(new Error('no answer')));
    socket.once('error', fail);
    socket.once('close', () => impatience.cancel());
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      impatience.cancel();
      socket.off('error', fail);
      resolve(socket);
    });
  });
}
