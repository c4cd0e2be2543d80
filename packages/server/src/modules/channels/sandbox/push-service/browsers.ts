import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Clock } from '../../../../platform/clock.ts';
import type { PushMessage } from './read-push-request.ts';
import { readBrowserMessage } from './read-browser-message.ts';

export interface BrowsersOptions {
  readonly clock: Clock;
  /** The endpoint of a new registration. */
  readonly endpointOf: (uaid: string, channelId: string, key: Buffer | null) => string;
}

interface Waiting {
  readonly version: string;
  readonly channelId: string;
  readonly message: PushMessage;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** The oldest go first. */
const MOST_WAITING = 1_000;

/** Registrations that were given up; more than that are forgotten. */
const MOST_ENDED = 10_000;

/**
 * The browsers of a push service, each on a WebSocket of its own in Mozilla's protocol, and what waits for those
 * that are away. Nothing of it outlives the process.
 */
export class Browsers {
  readonly #options: BrowsersOptions;
  readonly #connected = new Map<string, WebSocket>();
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #ended = new Set<string>();

  constructor(options: BrowsersOptions) {
    this.#options = options;
  }

  /** How many browsers are connected. */
  get size(): number {
    return this.#connected.size;
  }

  /** How many messages no browser has confirmed yet. */
  get waiting(): number {
    this.#dropExpired();
    let count = 0;
    for (const all of this.#waiting.values()) count += all.length;
    return count;
  }

  /** Whether the browser has given the registration up. */
  hasEnded(channelId: string): boolean {
    return this.#ended.has(channelId);
  }

  /** Sends a message to its browser, and keeps it until that confirms it or its time is over. */
  deliver(uaid: string, channelId: string, version: string, message: PushMessage): void {
    const socket = this.#connected.get(uaid);
    // RFC 8030, 5.2: with a TTL of 0 it is for a browser that is there now.
    if (message.ttl === 0 && socket === undefined) return;
    this.#dropExpired();
    const until = this.#options.clock.now() + Math.max(1, message.ttl) * 1_000;
    const waiting: Waiting = { version, channelId, message, until };
    const others = (this.#waiting.get(uaid) ?? []).filter((other) => !isReplaced(other, waiting));
    this.#waiting.set(uaid, [...others, waiting].slice(-MOST_WAITING));
    if (socket !== undefined) send(socket, notificationOf(waiting));
  }

  /** Speaks with a browser that has connected. */
  welcome(socket: WebSocket): void {
    let uaid: string | null = null;
    socket.on('message', (data: Buffer) => {
      const message = readBrowserMessage(data.toString());
      if (message === null) return socket.close(1_002);
      if (message.messageType === 'hello') uaid = this.#hello(socket, message.uaid);
      else if (message.messageType === 'ping') send(socket, {});
      else if (message.messageType === 'other') return;
      else if (uaid === null) return socket.close(1_002);
      else if (message.messageType === 'ack') this.#acknowledge(uaid, message.versions);
      else if (message.messageType === 'unregister') this.#unregister(socket, uaid, message.channelID);
      else {
        const { channelID, key } = message;
        const pushEndpoint = this.#options.endpointOf(uaid, channelID, key);
        send(socket, { messageType: 'register', status: 200, channelID, pushEndpoint });
      }
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      if (uaid !== null && this.#connected.get(uaid) === socket) this.#connected.delete(uaid);
    });
  }

  #hello(socket: WebSocket, known: string | null): string {
    const uaid = known ?? randomBytes(16).toString('hex');
    this.#connected.get(uaid)?.close();
    this.#connected.set(uaid, socket);
    send(socket, { messageType: 'hello', status: 200, uaid, use_webpush: true, broadcasts: {} });
    this.#dropExpired();
    for (const waiting of this.#waiting.get(uaid) ?? []) send(socket, notificationOf(waiting));
    return uaid;
  }

  #acknowledge(uaid: string, versions: readonly string[]): void {
    this.#keep(uaid, ({ version }) => !versions.includes(version));
  }

  #unregister(socket: WebSocket, uaid: string, channelID: string): void {
    if (this.#ended.size >= MOST_ENDED) this.#ended.clear();
    this.#ended.add(channelID);
    this.#keep(uaid, ({ channelId }) => channelId !== channelID);
    send(socket, { messageType: 'unregister', status: 200, channelID });
  }

  #dropExpired(): void {
    const now = this.#options.clock.now();
    for (const uaid of this.#waiting.keys()) this.#keep(uaid, ({ until }) => until > now);
  }

  #keep(uaid: string, isKept: (waiting: Waiting) => boolean): void {
    const left = (this.#waiting.get(uaid) ?? []).filter(isKept);
    if (left.length === 0) this.#waiting.delete(uaid);
    else this.#waiting.set(uaid, left);
  }
}

/** Of one topic, only the newest waits. */
function isReplaced(other: Waiting, { channelId, message }: Waiting): boolean {
  const { topic } = message;
  return topic !== null && other.channelId === channelId && other.message.topic === topic;
}

function notificationOf({ channelId, version, message: { body } }: Waiting): object {
  const words =
    body.length === 0 ? {} : { data: body.toString('base64url'), headers: { encoding: 'aes128gcm' } };
  return { messageType: 'notification', channelID: channelId, version, ...words };
}

function send(socket: WebSocket, message: object): void {
  socket.send(JSON.stringify(message));
}
