import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Breaker } from '../../../../platform/breaker.ts';
import type { Clock } from '../../../../platform/clock.ts';
import { laneOf } from '../../../../platform/ids.ts';
import type { Delivery, Destination, StreamEvent } from '../../destination.ts';
import type { NatsStreamSettings } from '../../event-streams/targets/nats-target.ts';
import { plainJson } from '../../plain-json.ts';
import { loadDriver } from '../load-driver.ts';
import { reachServers } from '../reach-servers.ts';
import { deliverWhole } from '../whole-delivery.ts';
import type { WholeOutcome } from '../whole-delivery.ts';

export interface NatsDestinationOptions {
  readonly clock: Clock;
  /** Whether connections may go to an address. */
  readonly isReachable: (address: string) => boolean;
}

const CONNECT_MS = 10_000;
const ACK_MS = 10_000;
/** Messages that wait for their acknowledgement at a time. Those of one user go one after the other. */
const TRACKS = 64;

/**
 * Messages of JetStream. Each bears its event's id as Nats-Msg-Id, by which a stream drops what it has already, as long as
 * its duplicate window goes.
 */
export class NatsDestination implements Destination {
  readonly most = 1_000;
  readonly patienceMs = 0;
  readonly isWhole = true;
  readonly #options: NatsDestinationOptions;
  readonly #settings: NatsStreamSettings;
  #open: { readonly connection: NatsConnection; readonly client: JetStreamClient } | null = null;

  constructor(options: NatsDestinationOptions, settings: NatsStreamSettings) {
    this.#options = options;
    this.#settings = settings;
  }

  async deliver(events: readonly StreamEvent[], breaker: Breaker): Promise<Delivery> {
    return deliverWhole(events, breaker, this.#options.clock.now(), () => this.#write(events));
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.connection.close().catch(() => undefined);
  }

  async #write(events: readonly StreamEvent[]): Promise<WholeOutcome> {
    try {
      this.#open ??= await this.#connect();
      const { client } = this.#open;
      const counts = await Promise.all(tracksOf(events).map((track) => this.#publish(client, track)));
      const added = counts.reduce((sum, count) => sum + count, 0);
      return { state: 'taken', answer: `${added} messages are new` };
    } catch (error) {
      await this.close();
      return { state: 'failed', reason: wordsOf(error) };
    }
  }

  /** One after the other, each when the one before is stored; how many were new. */
  async #publish(client: JetStreamClient, events: readonly StreamEvent[]): Promise<number> {
    let added = 0;
    for (const { event } of events) {
      const subject = `${this.#settings.subject}.${event.kind}`;
      const { duplicate } = await client.publish(subject, plainJson(event), {
        msgID: event.id,
        timeout: ACK_MS,
      });
      if (!duplicate) added += 1;
    }
    return added;
  }

  async #connect() {
    const { connect } = await loadDriver('@nats-io/transport-node', () => import('@nats-io/transport-node'));
    const { jetstream } = await loadDriver('@nats-io/jetstream', () => import('@nats-io/jetstream'));
    const { servers, tls, user, password, token } = this.#settings;
    const reached = await reachServers(servers, this.#options.isReachable);
    const connection = await connect({
      // Certificates are for names. Without TLS what was looked up is what is connected to.
      servers: tls ? [...servers] : reached.map(({ address, port }) => `${bracketed(address)}:${port}`),
      name: 'carillon event stream',
      tls: tls ? {} : null,
      timeout: CONNECT_MS,
      // The stream tries again by its own schedule, and only where it was told to go.
      reconnect: false,
      ignoreClusterUpdates: true,
      ...(user !== null && { user, pass: password ?? '' }),
      ...(token !== null && { token }),
    });
    return { connection, client: jetstream(connection) };
  }
}

function tracksOf(events: readonly StreamEvent[]): StreamEvent[][] {
  const tracks = Array.from({ length: TRACKS }, (): StreamEvent[] => []);
  for (const event of events) tracks[laneOf(event.userKey) % TRACKS]?.push(event);
  return tracks.filter((track) => track.length > 0);
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function wordsOf(error: unknown): string {
  const { name, message } = error as Error;
  // What the client says when nobody answers: mostly because no stream has the subject.
  if (name === 'JetStreamNotEnabled') return 'no stream of JetStream takes this subject: make one for it';
  return message;
}
