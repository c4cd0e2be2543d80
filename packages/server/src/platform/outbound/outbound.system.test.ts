import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authority, serverIdentity } from '../../fixtures/certificates.ts';
import { Outbound } from './index.ts';
import type { OutboundRequest } from './index.ts';

const answers: Readonly<Record<string, RequestListener>> = {
  '/hello': (request, response) => response.end(`${request.method} ${String(request.headers['x-key'])}`),
  '/echo': (request, response) => void request.pipe(response),
  '/away': (_, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end(),
  '/large': (_, response) => response.end('x'.repeat(1_001)),
  '/endless': (_, response) => {
    response.on('drain', () => void response.write('x'.repeat(65_536)));
    response.write('x'.repeat(1_000_000));
  },
  '/never': () => undefined,
  '/who': (request, response) => response.end(String(request.headers.authorization)),
  '/twice': (_, response) =>
    response
      .writeHead(
        200,
        [
          ['x-key', 'a'],
          ['x-key', 'b'],
        ].flat(),
      )
      .end(),
  '/hints': (_, response) =>
    response.writeEarlyHints({ link: '</a>; rel=preload' }, () => response.end('then')),
  '/onward': (_, response) => response.writeHead(307, { location: '/hello' }).end('not read'),
  '/round': (_, response) => response.writeHead(307, { location: '/round' }).end(),
  '/queued': (_, response) => {
    queued += 1;
    response.end();
  },
  '/half': (_, response) => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('half', () => response.destroy());
  },
};

/** Requests that came to `/queued`. */
let queued = 0;
let server: Server;
let port = 0;
const inside = new Outbound(['127.0.0.0/8', '::1']);
const outside = new Outbound([]);

beforeAll(async () => {
  server = createServer((request, response) => answers[request.url ?? '']?.(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  inside.close();
  outside.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function ask(outbound: Outbound, path: string, more: Partial<OutboundRequest> = {}, host = '127.0.0.1') {
  const url = `http://${host}:${port}${path}`;
  return outbound.request({ method: 'GET', url, timeoutMs: 5_000, mostBytes: 1_000, ...more });
}

const fault = (kind: string, message?: RegExp) =>
  expect.objectContaining({
    name: 'OutboundFault',
    kind,
    ...(message !== undefined && { message: expect.stringMatching(message) }),
  });

describe('a request to an address that a user chose', () => {
  it('brings its headers and its body, and the answer back', async () => {
    const answer = await ask(inside, '/hello', { headers: { 'X-Key': 'k' } });
    expect([answer.status, answer.body.toString()]).toEqual([200, 'GET k']);
    const echoed = await ask(inside, '/echo', { method: 'POST', body: 'Grüße' });
    expect(echoed.body.toString()).toBe('Grüße');
  });

  it.each([
    '127.0.0.1',
    'localhost',
    '127.1',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '169.254.169.254',
  ])('does not reach %s', async (host) => {
    await expect(ask(outside, '/hello', {}, host)).rejects.toEqual(
      fault('forbidden', /is not on the public internet$/),
    );
  });

  it('reaches a name whose address the operator allows', async () => {
    expect((await ask(inside, '/hello', {}, 'localhost')).status).toBe(200);
  });

  it('follows no redirect', async () => {
    expect((await ask(inside, '/away')).status).toBe(302);
  });

  it('ends where the answer is too large, even when it never ends', async () => {
    await expect(ask(inside, '/large')).rejects.toEqual(fault('too-large', /larger than 1000 bytes/));
    await expect(ask(inside, '/endless')).rejects.toEqual(fault('too-large'));
  });

  it('ends without an answer in time', async () => {
    await expect(ask(inside, '/never', { timeoutMs: 50 })).rejects.toEqual(
      fault('timeout', /no answer within 0\.05 s/),
    );
  });

  it('tells a broken connection from an answer', async () => {
    await expect(ask(inside, '/half')).rejects.toEqual(fault('unreachable'));
  });

  it('sends the name and the password of the URL, unless a header says who asks', async () => {
    const url = `http://an%20n:p%C3%A4ss@127.0.0.1:${port}/who`;
    const told = `Basic ${Buffer.from('an n:päss').toString('base64')}`;
    expect((await ask(inside, '/who', { url })).body.toString()).toBe(told);
    const headers = { Authorization: 'Bearer b' };
    expect((await ask(inside, '/who', { url, headers })).body.toString()).toBe('Bearer b');
  });

  it('joins a header that comes twice, and passes over what comes before the answer', async () => {
    expect((await ask(inside, '/twice')).headers['x-key']).toBe('a, b');
    const answer = await ask(inside, '/hints');
    expect([answer.status, answer.body.toString()]).toEqual([200, 'then']);
  });

  it('is never sent when its time is over before there is a connection for it', async () => {
    const busy = new Outbound(['127.0.0.0/8']);
    const held = Array.from({ length: 32 }, () => ask(busy, '/never').catch((error: unknown) => error));
    await expect(ask(busy, '/queued', { timeoutMs: 50 })).rejects.toEqual(fault('timeout'));
    busy.close();
    expect(await Promise.all(held)).toEqual(held.map(() => fault('unreachable')));
    expect(queued).toBe(0);
  });

  it.each(['a\r\nx-b: c', '12 €', 'nul\u0000'])('is not made with a header %j', async (value) => {
    await expect(ask(inside, '/hello', { headers: { 'x-key': value } })).rejects.toEqual(fault('invalid'));
  });

  it.each(['ftp://example.com/', 'file:///etc/passwd', 'no url'])('is not made to %s', async (url) => {
    await expect(ask(inside, '/', { url })).rejects.toEqual(fault('invalid'));
  });
});

it('opens new connections after it was closed', async () => {
  const again = new Outbound(['127.0.0.0/8']);
  expect((await ask(again, '/hello')).status).toBe(200);
  again.close();
  expect((await ask(again, '/hello')).status).toBe(200);
  again.close();
});

describe('https', () => {
  it('trusts whom it is told to trust, and nobody else', async () => {
    const secure = createTlsServer(serverIdentity, (_, response) => response.end('secret'));
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const trusting = new Outbound(['127.0.0.0/8', '::1'], [authority]);
    const url = `https://localhost:${(secure.address() as AddressInfo).port}/`;
    const asked = { method: 'GET', url, timeoutMs: 5_000, mostBytes: 1_000 } as const;
    try {
      expect(String((await trusting.request(asked)).body)).toBe('secret');
      await expect(inside.request(asked)).rejects.toEqual(fault('unreachable', /SELF_SIGNED|VERIFY/));
    } finally {
      trusting.close();
      secure.closeAllConnections();
      secure.close();
    }
  });
});

const download = (outbound: Outbound, path: string) => outbound.download(`http://127.0.0.1:${port}${path}`);

describe('a download', () => {
  it('follows redirects, and brings the body as it comes', async () => {
    const { status, body } = await download(inside, '/onward');
    expect([status, (await body.toArray()).join('')]).toEqual([200, 'GET undefined']);
  });

  it('is led nowhere but to what is reachable, nor in circles', async () => {
    await expect(download(outside, '/hello')).rejects.toEqual(fault('forbidden'));
    await expect(download(inside, '/away')).rejects.toEqual(fault('forbidden', /^10\.0\.0\.1 is not/));
    await expect(download(inside, '/round')).rejects.toEqual(fault('invalid', /without end/));
  });

  it('may be given up before its end', async () => {
    const { body } = await download(inside, '/endless');
    body.destroy();
    // Not `once` of events, which takes the error for its own.
    await new Promise((resolve) => body.once('close', resolve));
    expect(body.destroyed).toBe(true);
  });

  it('fails where the connection breaks in the middle', async () => {
    const { body } = await download(inside, '/half');
    await expect(body.toArray()).rejects.toThrow(/closed|ECONNRESET/);
  });
});
