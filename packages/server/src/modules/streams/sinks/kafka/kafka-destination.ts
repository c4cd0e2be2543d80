import { connect as connectTls } from 'node:tls';
import type { ISocketFactoryArgs, Producer, SASLOptions } from 'kafkajs';
import type { Breaker } from '../../../../platform/breaker.ts';
import type { Clock } from '../../../../platform/clock.ts';
import type { Delivery, Destination, StreamEvent } from '../../destination.ts';
import type { KafkaLogin, KafkaStreamSettings } from '../../event-streams/targets/kafka-target.ts';
import { plainJson } from '../../plain-json.ts';
import { guardedSocket } from '../guarded-socket.ts';
import { loadDriver } from '../load-driver.ts';
import { deliverWhole } from '../whole-delivery.ts';
import type { WholeOutcome } from '../whole-delivery.ts';

export interface KafkaDestinationOptions {
  readonly clock: Clock;
  /** Whether connections may go to an address: of brokers that other brokers name, too. */
  readonly isReachable: (address: string) => boolean;
}

const CONNECT_MS = 10_000;
const REQUEST_MS = 30_000;
const RETRIES = 3;
const RETRY_MS = 200;
/** `acks: -1`: every replica in sync has it. */
const ALL = -1;

/**
 * Records of a topic. The key is the user, so that all of one go into one partition in their order; the id of the event
 * stands in the header `event-id`, and again in the value, to know one that comes twice.
 */
export class KafkaDestination implements Destination {
  readonly most = 1_000;
  readonly patienceMs = 0;
  readonly isWhole = true;
  readonly #options: KafkaDestinationOptions;
  readonly #settings: KafkaStreamSettings;
  #producer: Producer | null = null;

  constructor(options: KafkaDestinationOptions, settings: KafkaStreamSettings) {
    this.#options = options;
    this.#settings = settings;
  }

  async deliver(events: readonly StreamEvent[], breaker: Breaker): Promise<Delivery> {
    return deliverWhole(events, breaker, this.#options.clock.now(), () => this.#write(events));
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    await producer?.disconnect().catch(() => undefined);
  }

  async #write(events: readonly StreamEvent[]): Promise<WholeOutcome> {
    try {
      this.#producer ??= await this.#connect();
      const { topic } = this.#settings;
      const messages = events.map(({ event, userKey }) => ({
        key: userKey,
        value: plainJson(event),
        headers: { 'event-id': event.id, 'event-kind': event.kind },
      }));
      const parts = await this.#producer.send({ topic, messages, acks: ALL, timeout: REQUEST_MS });
      const partitions = new Set(parts.map(({ partition }) => partition)).size;
      return { state: 'taken', answer: `${topic}, ${partitions} partitions` };
    } catch (error) {
      await this.close();
      return { state: 'failed', reason: (error as Error).message };
    }
  }

  async #connect(): Promise<Producer> {
    const { Kafka, Partitioners, logLevel } = await loadDriver('kafkajs', () => import('kafkajs'));
    const { brokers, sasl, tls } = this.#settings;
    const kafka = new Kafka({
      clientId: 'carillon-event-stream',
      brokers: [...brokers],
      // What goes wrong is told by the stream.
      logLevel: logLevel.NOTHING,
      connectionTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      // What a broker that is just being replaced refuses is sent again to the next, without what the others have taken.
      // Everything else the stream tries again by its own schedule.
      retry: { retries: RETRIES, initialRetryTime: RETRY_MS },
      ssl: tls,
      ...(sasl !== null && { sasl: loginOf(sasl) }),
      socketFactory: (asked) => this.#socket(asked),
    });
    const producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }

  #socket({ host, port, ssl, onConnect }: ISocketFactoryArgs) {
    const socket = guardedSocket(this.#options.isReachable, host).connect(port, host);
    if (!ssl) return socket.once('connect', onConnect);
    return connectTls({ socket, servername: host, host }, onConnect);
  }
}

function loginOf({ mechanism, username, password }: KafkaLogin): SASLOptions {
  return { mechanism, username, password };
}
