import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { constants } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createServer as createHttpsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { FakeClock } from '@carillon/test-kit';
import { afterEach, describe, expect, it } from 'vitest';
import { authority, clientIdentity, clientPkcs12, serverIdentity } from '../../../fixtures/certificates.ts';
import { startPeer } from '../../../fixtures/http2-peer.ts';
import type { Peer, PeerOptions } from '../../../fixtures/http2-peer.ts';
import { Http2Client } from './index.ts';
import type { Http2ClientOptions, Http2Request } from './index.ts';

const LOOPBACK = ['127.0.0.0/8', '::1'];
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function clientOf(options: Partial<Http2ClientOptions> = {}): Http2Client {
  const client = new Http2Client({ clock: new FakeClock(), allowed: LOOPBACK, ...options });
  closers.unshift(() => client.close());
  return client;
}

async function peerOf(onRequest: Parameters<typeof startPeer>[0], options?: PeerOptions): Promise<Peer> {
  const peer = await startPeer(onRequest, options);
  closers.push(() => peer.close());
  return peer;
}

function ask(client: Http2Client, origin: string, more: Partial<Http2Request> = {}) {
  const asked = {
    method: 'POST',
    origin,
    path: '/',
    body: 'x',
    timeoutMs: 20_000,
    mostBytes: 1_000,
  } as const;
  return client.request({ ...asked, ...more });
}

const fault = (kind: string, isInDoubt: boolean, message = /./) =>
  expect.objectContaining({ name: 'Http2Fault', kind, isInDoubt, message: expect.stringMatching(message) });

const answer = (stream: ServerHttp2Stream, text = 'ok') => {
  stream.respond({ ':status': 200 });
  stream.end(text);
};

/** Requests that came in, to be answered when the test says so. */
function holding() {
  const streams: ServerHttp2Stream[] = [];
  return { streams, hold: (stream: ServerHttp2Stream) => void streams.push(stream) };
}

const times = <Each>(count: number, each: (index: number) => Each) =>
  Array.from({ length: count }, (_, index) => each(index));

describe('a request over HTTP/2', () => {
  it('brings method, path, headers and body, and the answer back', async () => {
    const peer = await peerOf((stream, headers) => {
      stream.respond({ ':status': 201, 'x-key': headers['x-key'] });
      stream.write(`${headers[':method']} ${headers[':path']} ${headers[':authority']} `);
      stream.pipe(stream);
    });
    const answered = await ask(clientOf(), peer.origin, {
      path: '/a?b=c',
      headers: { 'x-key': 'k' },
      body: 'Grüße',
    });
    expect([answered.status, answered.headers['x-key'], answered.body.toString()]).toEqual([
      201,
      'k',
      `POST /a?b=c ${peer.origin.slice('http://'.length)} Grüße`,
    ]);
  });

  it('is answered by any status: redirects are not followed', async () => {
    const peer = await peerOf((stream) => {
      stream.respond({ ':status': 307, location: 'http://10.0.0.1/' }, { endStream: true });
    });
    expect((await ask(clientOf(), peer.origin, { method: 'GET', body: null })).status).toBe(307);
  });

  it('shares one connection with others, up to as many as the peer takes', async () => {
    const peer = await peerOf((stream) => setImmediate(() => answer(stream)), { mostStreams: 7 });
    const client = clientOf({ mostSessions: 2 });
    const answers = await Promise.all(times(60, () => ask(client, peer.origin)));
    expect(answers.map(({ status }) => status)).toEqual(times(60, () => 200));
    expect(peer.mostOpen()).toBe(7);
    expect(peer.sessions).toHaveLength(2);
  });

  it('waits while as many are under way as we want', async () => {
    const { streams, hold } = holding();
    const peer = await peerOf(hold);
    const client = clientOf({ mostSessions: 2, mostStreams: 3 });
    expect(client.mostAtOnce).toBe(6);
    const all = times(8, () => ask(client, peer.origin));
    await expect.poll(() => streams.length).toBe(6);
    expect(peer.sessions).toHaveLength(2);
    streams.slice(0, 2).forEach((stream) => answer(stream));
    await expect.poll(() => streams.length).toBe(8);
    streams.slice(2).forEach((stream) => answer(stream));
    expect(await Promise.all(all)).toHaveLength(8);
  });

  it('goes on when the peer allows more', async () => {
    const { streams, hold } = holding();
    const peer = await peerOf(hold, { mostStreams: 1 });
    const client = clientOf({ mostSessions: 1 });
    const all = times(5, () => ask(client, peer.origin));
    await expect.poll(() => streams.length).toBe(1);
    peer.sessions[0]?.settings({ maxConcurrentStreams: 100 });
    await expect.poll(() => streams.length).toBe(5);
    streams.forEach((stream) => answer(stream));
    await Promise.all(all);
  });
});

describe('a peer that goes away', () => {
  it('finishes what it has taken, and the rest goes over another connection, each once', async () => {
    const seen: string[] = [];
    const peer = await peerOf((stream, headers) => {
      const number = peer.sessions.length === 1 ? seen.length : -1;
      if (number === 2) stream.session?.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
      if (number > 2) return;
      seen.push(headers[':path'] ?? '');
      setImmediate(() => answer(stream));
    });
    const client = clientOf();
    const answers = await Promise.all(times(20, (index) => ask(client, peer.origin, { path: `/${index}` })));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(seen.toSorted()).toEqual(times(20, (index) => `/${index}`).toSorted());
    expect(peer.sessions.length).toBeGreaterThan(1);
  });

  it('with an error leaves in doubt only what it may have looked at', async () => {
    const peer = await peerOf((stream) => {
      if (peer.sessions.length > 1) return answer(stream);
      if (stream.id === 5)
        stream.session?.goaway(constants.NGHTTP2_INTERNAL_ERROR, 5, Buffer.from('{"reason":"Shutdown"}'));
    });
    const client = clientOf();
    const settled = await Promise.allSettled(times(5, () => ask(client, peer.origin)));
    expect(settled.slice(0, 3)).toEqual(
      times(3, () => ({ status: 'rejected', reason: fault('cut', true, /Shutdown/) })),
    );
    expect(settled.slice(3).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  });

  it('leaves in doubt what it has answered in part', async () => {
    const peer = await peerOf((stream) => {
      stream.respond({ ':status': 200 });
      stream.write('half', () => peer.cut());
    });
    await expect(ask(clientOf(), peer.origin)).rejects.toEqual(fault('cut', true));
  });

  it('is connected to anew by the next request', async () => {
    const peer = await peerOf((stream) => (peer.sessions.length === 1 ? peer.cut() : answer(stream)));
    const client = clientOf();
    await expect(ask(client, peer.origin)).rejects.toEqual(fault('cut', true));
    expect((await ask(client, peer.origin)).status).toBe(200);
  });
});

describe('a stream that is reset', () => {
  it('is sent again when the peer has refused it', async () => {
    let refused = 0;
    const peer = await peerOf((stream) => {
      if (refused < 2) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else answer(stream);
      refused += 1;
    });
    expect((await ask(clientOf(), peer.origin)).status).toBe(200);
  });

  it('is told in the end when it is refused each time, and nothing is in doubt', async () => {
    let tries = 0;
    const peer = await peerOf((stream) => {
      tries += 1;
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
    });
    await expect(ask(clientOf(), peer.origin)).rejects.toEqual(fault('not-processed', false));
    expect(tries).toBe(3);
  });

  it.each(['NGHTTP2_CANCEL', 'NGHTTP2_INTERNAL_ERROR', 'NGHTTP2_ENHANCE_YOUR_CALM'] as const)(
    'is in doubt after %s',
    async (code) => {
      const peer = await peerOf((stream) => stream.close(constants[code]));
      await expect(ask(clientOf(), peer.origin)).rejects.toEqual(fault('cut', true));
    },
  );

  it('is in doubt when its answer had begun', async () => {
    const peer = await peerOf((stream) => {
      stream.respond({ ':status': 200 });
      // `close` would end the answer first.
      stream.write('half', () => stream.destroy(new Error('reset')));
    });
    await expect(ask(clientOf(), peer.origin)).rejects.toEqual(fault('cut', true));
  });
});

describe('a bound', () => {
  it('ends an answer that is too large, also one without end, and the connection goes on', async () => {
    const peer = await peerOf((stream, headers) => {
      if (headers[':path'] === '/') return answer(stream);
      stream.respond({ ':status': 200 });
      stream.on('drain', () => void stream.write('x'.repeat(10_000)));
      stream.write('x'.repeat(100_000));
    });
    const client = clientOf();
    await expect(ask(client, peer.origin, { path: '/endless' })).rejects.toEqual(
      fault('too-large', true, /larger than 1000 bytes/),
    );
    expect((await ask(client, peer.origin)).status).toBe(200);
    expect(peer.sessions).toHaveLength(1);
  });

  it.each(['/never', '/slow'])('ends a request that is not answered in time: %s', async (path) => {
    const peer = await peerOf((stream) => {
      if (path === '/never') return;
      stream.respond({ ':status': 200 });
      const drip = setInterval(() => stream.write('x'), 20);
      stream.once('close', () => clearInterval(drip));
    });
    await expect(ask(clientOf(), peer.origin, { path, timeoutMs: 150 })).rejects.toEqual(
      fault('timeout', true, /no answer within 0\.15 s/),
    );
  });

  it('leaves no doubt about a request that never left', async () => {
    const peer = await peerOf(() => undefined);
    const client = clientOf({ mostSessions: 1, mostStreams: 1 });
    const first = ask(client, peer.origin).catch(() => undefined);
    await expect(ask(client, peer.origin, { timeoutMs: 50 })).rejects.toEqual(fault('timeout', false));
    peer.cut();
    await first;
  });

  it('refuses headers that none can be', async () => {
    const peer = await peerOf((stream) => answer(stream));
    const client = clientOf();
    await expect(ask(client, peer.origin, { headers: { 'x-key': 'a\r\nb: c' } })).rejects.toEqual(
      fault('invalid', false),
    );
    await expect(ask(client, peer.origin, { headers: { connection: 'close' } })).rejects.toEqual(
      fault('invalid', false),
    );
    await expect(ask(client, peer.origin, { path: '/a b' })).rejects.toEqual(fault('invalid', false));
    expect((await ask(client, peer.origin)).status).toBe(200);
  });

  it.each(['ftp://127.0.0.1', 'http://127.0.0.1/path', 'nothing'])(
    'refuses %s as an origin',
    async (origin) => {
      await expect(ask(clientOf(), origin)).rejects.toEqual(fault('invalid', false));
    },
  );
});

describe('a connection that cannot be made', () => {
  it('refuses all who wait for it, and the next ones until a second has passed', async () => {
    const port = await freePort();
    const clock = new FakeClock();
    const client = clientOf({ clock });
    const settled = await Promise.allSettled(times(50, () => ask(client, `http://127.0.0.1:${port}`)));
    expect(settled).toEqual(
      times(50, () => ({ status: 'rejected', reason: fault('unreachable', false, /ECONNREFUSED/) })),
    );
    const server = createServer().listen(port, '127.0.0.1');
    closers.push(async () => server.close());
    await once(server, 'listening');
    let knocks = 0;
    server.on('connection', (socket) => {
      knocks += 1;
      socket.destroy();
    });
    await expect(ask(client, `http://127.0.0.1:${port}`)).rejects.toEqual(fault('unreachable', false));
    expect(knocks).toBe(0);
    await clock.advance(1_000);
    await expect(ask(client, `http://127.0.0.1:${port}`)).rejects.toEqual(fault('unreachable', false));
    expect(knocks).toBe(1);
  });

  it('is given up in time when the peer does not speak', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    closers.push(async () => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = clientOf({ connectTimeoutMs: 100 });
    await expect(ask(client, `http://127.0.0.1:${port}`)).rejects.toEqual(
      fault('unreachable', false, /no connection in time/),
    );
  });

  it('is none when the peer speaks another language', async () => {
    const server = createHttpServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    closers.push(async () => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(ask(clientOf(), `http://127.0.0.1:${port}`)).rejects.toEqual(fault('unreachable', false));
    const secure = createHttpsServer(serverIdentity, (_, response) => response.end('hello')).listen(
      0,
      '127.0.0.1',
    );
    closers.push(async () => secure.close());
    await once(secure, 'listening');
    const https = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
    await expect(ask(clientOf({ tls: { ca: [authority] } }), https)).rejects.toEqual(
      fault('not-http2', false, /does not speak HTTP\/2/),
    );
  });

  it.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    'is not tried to %s, which is not on the public internet',
    async (host) => {
      const peer = await peerOf((stream) => answer(stream));
      const { port } = new URL(peer.origin);
      const { origin } = new URL(`http://${host}:${port}`);
      await expect(ask(clientOf({ allowed: [] }), origin)).rejects.toEqual(
        fault('forbidden', false, /is not on the public internet$/),
      );
      expect(peer.sessions).toHaveLength(0);
    },
  );

  it('is made to any address when nobody else chose it', async () => {
    const peer = await peerOf((stream) => answer(stream));
    expect((await ask(clientOf({ allowed: null }), peer.origin)).status).toBe(200);
  });
});

const whoAsks = (stream: ServerHttp2Stream) => {
  const certificate = (stream.session?.socket as TLSSocket | undefined)?.getPeerCertificate();
  answer(stream, String(certificate?.subject?.CN ?? 'nobody'));
};

describe('TLS', () => {
  const tls = { ...serverIdentity, ca: authority, requestCert: true, rejectUnauthorized: false };
  it('asks only whom it trusts', async () => {
    const peer = await peerOf(whoAsks, { tls });
    await expect(ask(clientOf(), peer.origin)).rejects.toEqual(fault('unreachable', false));
    const trusting = clientOf({ tls: { ca: [authority] } });
    expect((await ask(trusting, peer.origin)).body.toString()).toBe('nobody');
  });

  it.each([
    ['PEM', clientIdentity],
    ['PKCS #12', { pfx: Buffer.from(clientPkcs12.base64, 'base64'), passphrase: clientPkcs12.passphrase }],
  ])('shows a certificate that is given as %s', async (_, identity) => {
    const peer = await peerOf(whoAsks, { tls });
    const client = clientOf({ tls: { ...identity, ca: [authority] } });
    expect((await ask(client, peer.origin)).body.toString()).toBe('client');
  });

  it('tells a certificate that cannot be read from a peer that is not there', async () => {
    const peer = await peerOf(whoAsks, { tls });
    const client = clientOf({ tls: { pfx: Buffer.from('nothing'), ca: [authority] } });
    await expect(ask(client, peer.origin)).rejects.toEqual(fault('invalid', false, /certificate/));
  });
});

describe('a connection that is kept', () => {
  it('is closed when it has been idle, and opened again when it is needed', async () => {
    const peer = await peerOf((stream) => answer(stream));
    const clock = new FakeClock();
    const client = clientOf({ clock, idleMs: 60_000, pingEveryMs: 10_000 });
    await ask(client, peer.origin);
    await clock.advance(50_000);
    expect(peer.openConnections()).toBe(1);
    await clock.advance(10_000);
    await expect.poll(() => peer.openConnections()).toBe(0);
    expect((await ask(client, peer.origin)).status).toBe(200);
    expect(peer.sessions).toHaveLength(2);
  });

  it('is asked whether it is still there', async () => {
    const peer = await peerOf((stream) => answer(stream));
    const clock = new FakeClock();
    await ask(clientOf({ clock, pingEveryMs: 10_000 }), peer.origin);
    const [session] = peer.sessions;
    if (session === undefined) throw new Error('there is no connection');
    const pings: unknown[] = [];
    session.on('ping', (payload) => pings.push(payload));
    await clock.advance(10_000);
    await expect.poll(() => pings).toHaveLength(1);
  });

  it('ends with the client, and what is under way with it', async () => {
    const { streams, hold } = holding();
    const peer = await peerOf(hold);
    const client = clientOf({ mostSessions: 1, mostStreams: 1 });
    const [first, second] = [ask(client, peer.origin), ask(client, peer.origin)];
    const ended = Promise.allSettled([first, second]);
    await expect.poll(() => streams.length).toBe(1);
    await client.close();
    expect(await ended).toEqual([
      { status: 'rejected', reason: fault('cut', true) },
      { status: 'rejected', reason: fault('unreachable', false) },
    ]);
    await expect.poll(() => peer.openConnections()).toBe(0);
    const third = ask(client, peer.origin);
    await expect.poll(() => streams.length).toBe(2);
    streams.slice(1).forEach((stream) => answer(stream));
    expect((await third).status).toBe(200);
  });
});

/** A port at which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
