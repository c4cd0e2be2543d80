import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { sleep } from '../../../../platform/clock.ts';
import type { Clock } from '../../../../platform/clock.ts';
import { readBind } from '../../sms/smpp/bind.ts';
import { STATUS } from '../../sms/smpp/command-status.ts';
import { readText } from '../../sms/smpp/message-text.ts';
import { COMMAND, MalformedPdu } from '../../sms/smpp/pdu.ts';
import type { Pdu } from '../../sms/smpp/pdu.ts';
import { TAG, numberOf, readShortMessage } from '../../sms/smpp/short-message.ts';
import type { ShortMessage } from '../../sms/smpp/short-message.ts';
import { SmppSession } from '../../sms/smpp/smpp-session.ts';
import { segmentsOf } from '../../sms/segments.ts';
import type { ArrivedSms, TakeSms } from '../numbers/arrived-sms.ts';
import { PartJoiner } from './join-parts.ts';
import { NumberPlayer } from '../numbers/play-number.ts';
import type { NumberVerdict } from '../numbers/play-number.ts';
import { writePersonsText, writeReceipt } from './smpp-messages.ts';
import type { ReportedPart } from './smpp-messages.ts';

export interface SmppReceiverOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The password of a client by its `system_id`, or null when there is no such client. */
  readonly passwordOf: (systemId: string) => string | null;
  readonly take: TakeSms;
  /** How long after a message's arrival its receipt is sent, in milliseconds. */
  readonly reportAfterMs: number;
}

export interface SmppReceiver {
  readonly port: number;
  /** Connections that are open now. */
  connections(): number;
  /** Sessions that are bound so that they get receipts and texts. */
  listeners(): number;
  /**
   * A person's text to a sender of a client. Resolves with the status of the answer, or null when the client is not
   * bound.
   */
  text(systemId: string, from: string, to: string, body: string): Promise<number | null>;
  /** Ends every session without a word. */
  cut(): void;
  close(): Promise<void>;
}

type Taken = Extract<NumberVerdict, { readonly kind: 'take' }>;

const ANSWER_MS = 30_000;

type Role = 'transmitter' | 'receiver' | 'transceiver';

/** Who is bound, and for what. */
interface Client {
  readonly systemId: string;
  readonly role: Role;
}

const ROLES: ReadonlyMap<number, Role> = new Map([
  [COMMAND.bindTransmitter, 'transmitter'],
  [COMMAND.bindReceiver, 'receiver'],
  [COMMAND.bindTransceiver, 'transceiver'],
]);

/**
 * An SMSC that speaks SMPP 3.4: binds, takes messages, sends receipts where they are asked for, and plays what the
 * recipient's number asks for (scripted-number.ts). It passes nothing on.
 */
export async function startSmppReceiver(options: SmppReceiverOptions): Promise<SmppReceiver> {
  const { clock, take } = options;
  /** Null: not bound yet. */
  const sessions = new Map<SmppSession, Client | null>();
  const joiner = new PartJoiner();
  const numbers = new NumberPlayer(clock);
  // Names that no receiver before it has given.
  let lastRef = clock.now() * 1_000;
  /** Of texts of people in several parts. */
  let lastReference = 0;

  const listeners = () =>
    [...sessions].filter(([, client]) => client !== null && client.role !== 'transmitter');
  const tell = async (systemId: string, body: Buffer): Promise<number | null> => {
    const [session] = listeners().find(([, client]) => client?.systemId === systemId) ?? [];
    if (session === undefined) return null;
    return (await session.ask(COMMAND.deliverSm, body).catch(() => null))?.status ?? null;
  };

  async function tellText(systemId: string, from: string, to: string, text: string): Promise<number | null> {
    lastReference += 1;
    let status: number | null = null;
    for (const part of writePersonsText(from, to, text, lastReference)) {
      status = await tell(systemId, part);
      if (status !== STATUS.ok) break;
    }
    return status;
  }

  function bind(pdu: Pdu, session: SmppSession, role: Role): void {
    const { systemId, password } = readBind(pdu.body);
    const name = Buffer.from('Carillon\u0000');
    const wanted = options.passwordOf(systemId);
    if (wanted === null) return session.answer(pdu, STATUS.wrongSystemId);
    if (password !== wanted) return session.answer(pdu, STATUS.wrongPassword);
    sessions.set(session, { systemId, role });
    session.answer(pdu, STATUS.ok, name);
  }

  async function submit(pdu: Pdu, session: SmppSession, systemId: string): Promise<void> {
    const sms = readShortMessage(pdu.body);
    const verdict = await numbers.play(sms.destination.address);
    switch (verdict.kind) {
      case 'refuse':
        return session.answer(pdu, verdict.smpp);
      case 'defer':
        return session.answer(pdu, STATUS.queueFull);
      case 'throttle':
        return session.answer(pdu, STATUS.throttled);
      case 'cut':
        return session.destroy();
      case 'take':
        return takeIn(pdu, session, systemId, sms, verdict);
    }
  }

  async function takeIn(
    pdu: Pdu,
    session: SmppSession,
    systemId: string,
    sms: ShortMessage,
    verdict: Taken,
  ): Promise<void> {
    const { fate } = verdict;
    const ref = String((lastRef += 1));
    const { text, part } = readText(sms);
    const at = clock.now();
    const whole = joiner.join(betweenOf(systemId, sms), { text, part });
    const arrived = whole === null ? null : arrivedOf(sms, whole, { account: systemId, ref, fate, at });
    if (arrived !== null) await take(arrived);
    if (!verdict.isAnswered) return session.destroy();
    session.answer(pdu, STATUS.ok, Buffer.from(`${ref}\u0000`));
    // Each part that asks for one has a receipt of its own.
    if ((sms.registeredDelivery & 1) === 1) await report(systemId, sms, { ref, fate, at, text });
    if (verdict.isStopped && arrived !== null) {
      await tellText(systemId, arrived.to, arrived.from, 'STOP');
    }
  }

  async function report(systemId: string, sms: ShortMessage, part: ReportedPart): Promise<void> {
    await sleep(clock, options.reportAfterMs);
    await tell(systemId, writeReceipt(sms, part, clock.now()));
  }

  async function answer(pdu: Pdu, session: SmppSession): Promise<void> {
    const role = ROLES.get(pdu.command);
    try {
      if (role !== undefined) return bind(pdu, session, role);
      if (pdu.command !== COMMAND.submitSm) return session.answer(pdu, STATUS.invalidCommand);
      const client = sessions.get(session) ?? null;
      if (client === null || client.role === 'receiver') return session.answer(pdu, STATUS.wrongBindState);
      await submit(pdu, session, client.systemId);
    } catch (error) {
      session.answer(pdu, error instanceof MalformedPdu ? STATUS.invalidLength : STATUS.queueFull);
    }
  }

  const server = createServer((socket) => {
    const session: SmppSession = new SmppSession(socket, {
      clock,
      answerMs: ANSWER_MS,
      enquireMs: null,
      onRequest: (pdu) => void answer(pdu, session),
      onEnd: () => void sessions.delete(session),
    });
    sessions.set(session, null);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const cut = () => {
    for (const session of sessions.keys()) session.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sessions.size,
    listeners: () => listeners().length,
    text: tellText,
    cut,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}

/** Whose parts may belong together. */
function betweenOf(systemId: string, { source, destination }: ShortMessage): string {
  return `${systemId} ${source.address} ${destination.address}`;
}

function arrivedOf(
  sms: ShortMessage,
  text: string,
  known: Pick<ArrivedSms, 'account' | 'ref' | 'fate' | 'at'>,
): ArrivedSms {
  const reference = sms.optionals.get(TAG.userMessageReference);
  return {
    ...known,
    from: numberOf(sms.source),
    to: numberOf(sms.destination),
    text,
    mediaUrls: [],
    segments: segmentsOf(text),
    deliveryKey: reference === undefined ? null : Buffer.from(reference).toString('hex'),
  };
}
