import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../../../../platform/clock.ts';
import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import { answerRequest } from './answer-request.ts';
import { Browsers } from './browsers.ts';
import { endpointPath } from './endpoint-path.ts';
import { serverForBoth } from './listen-for-both.ts';
import type { TlsOptions } from './listen-for-both.ts';
import { LeavingConnections } from './leaving-connections.ts';
import { PushSubscriptions } from './push-subscription.ts';
import type { ScriptedPushFault } from './scripted-push-fault.ts';
import { PushTaker } from './take-push.ts';
import type { ArrivedPush, PostedPush } from './take-push.ts';

export interface PushServiceOptions {
  readonly clock: Clock;
  /** Endpoints are signed with it: with the same keys, they outlive a restart. */
  readonly signer: TokenSigner;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** For `https`; browsers take `http` from a push service only when they are told to. */
  readonly tls?: TlsOptions;
  /** Takes in what was sent to a subscription of `subscribe`. The sender gets 503 when it rejects. */
  readonly take: (push: ArrivedPush) => Promise<void>;
  /** Whether a subscription, by its endpoint, has ended: it is answered 410 then. Absent: none has. */
  readonly isGone?: (endpoint: string) => Promise<boolean>;
}

/** A subscription as `PushSubscription.toJSON()` of a browser tells it. */
export interface PushSubscriptionJson {
  readonly endpoint: string;
  /** base64url. */
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

export interface PushService {
  /** `http://127.0.0.1:4321`. Browsers connect to the same address with `ws`. */
  readonly origin: string;
  /** Connections that are open now, browsers among them. */
  connections(): number;
  /** Browsers that are connected now. */
  browsers(): number;
  /** Messages that no browser has confirmed yet. */
  waiting(): number;
  /**
   * A subscription that no browser holds: what is sent there is decrypted and given to `take`.
   *
   * @param applicationServerKey base64url of the app's public key, which then alone may send; null: any may
   * @param fault what happens to each message for it
   */
  subscribe(applicationServerKey?: string | null, fault?: ScriptedPushFault | null): PushSubscriptionJson;
  close(): Promise<void>;
}

/** Browsers say little. */
const LARGEST_WORD = 65_536;

/**
 * A web push service for tests and for trying out: apps post to it as to any push service (RFC 8030, RFC 8292),
 * over HTTP/1.1 and HTTP/2, and Firefox connects to it as to Mozilla's (`dom.push.serverURL`). It keeps what
 * browsers have not confirmed until its TTL ends, plays the faults that an endpoint asks for
 * (scripted-push-fault.ts), and reads what is sent to subscriptions that it holds itself (`subscribe`, or
 * `POST /subscriptions`). Rejects when the port is taken.
 */
export async function startPushService(options: PushServiceOptions): Promise<PushService> {
  const { clock, signer, host, port, tls = null } = options;
  const scheme = tls === null ? 'http' : 'https';
  let origin = '';
  const endpointOf = (name: string) => origin + endpointPath(name);
  const subscriptions = new PushSubscriptions(signer);
  const browsers = new Browsers({
    clock,
    endpointOf: (uaid, channelId, key) =>
      endpointOf(subscriptions.issue({ holder: { kind: 'browser', uaid, channelId }, key })),
  });
  const taker = new PushTaker({ ...options, subscriptions, browsers });

  function subscribe(
    applicationServerKey: string | null = null,
    fault: ScriptedPushFault | null = null,
  ): PushSubscriptionJson {
    const holder = subscriptions.newHolder();
    const key = applicationServerKey === null ? null : Buffer.from(applicationServerKey, 'base64url');
    const token = subscriptions.issue({ holder, key });
    const { pair, auth } = subscriptions.keysOf(holder);
    return {
      endpoint: endpointOf(fault === null ? token : `${fault}.${token}`),
      keys: { p256dh: pair.getPublicKey('base64url'), auth: auth.toString('base64url') },
    };
  }

  /** By the peer's port. */
  const sockets = new Map<number | undefined, Socket>();
  const handlers = {
    scheme,
    leaving: new LeavingConnections(),
    hangUp: (remotePort: number | undefined) => sockets.get(remotePort)?.destroy(),
    push: async (posted: PostedPush) => {
      const { id, leaves } = await taker.take(posted);
      return { location: `${origin}/m/${id}`, leaves };
    },
    subscribe: () => JSON.stringify(subscribe()),
  };
  // A platform without a sandbox goes without it.
  const { WebSocketServer } = await import('ws');
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_WORD,
    handleProtocols: (offered) => (offered.has('push-notification') ? 'push-notification' : false),
  });
  const server = serverForBoth(
    {
      request: (asked, answering) => void answerRequest(asked, answering, handlers),
      upgrade: (asked, socket, head) =>
        webSockets.handleUpgrade(asked, socket, head, (webSocket) => browsers.welcome(webSocket)),
    },
    tls,
  );
  server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  server.listen(port, host);
  await once(server, 'listening');
  origin = `${scheme}://${addressOf(host)}:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    connections: () => sockets.size,
    browsers: () => browsers.size,
    waiting: () => browsers.waiting,
    subscribe,
    async close() {
      for (const socket of webSockets.clients) socket.terminate();
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets.values()) socket.destroy();
      await closed;
    },
  };
}

/** Where to reach a server of this machine that listens on `host`. */
function addressOf(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
