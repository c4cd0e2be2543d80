import { once } from 'node:events';
import { createServer } from 'node:net';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { createHttpServer } from '../platform/http/server.ts';
import { reservePort } from './reserve-port.ts';

const HOST = '127.0.0.1';

it('nobody else gets the port between the choice and the listening', async () => {
  const reserved = await reservePort({ host: HOST, port: 0 });
  const other = createServer().listen(reserved.port, HOST);
  const [error] = (await once(other, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('EADDRINUSE');
  const server = await createHttpServer({
    log: pino({ level: 'silent' }),
    clock: systemClock,
    routes: [],
    authenticator: { authenticate: () => Promise.resolve({ kind: 'anonymous' }) },
  });
  const url = await server.listen({ host: HOST, ...reserved });
  expect(url).toBe(`http://${HOST}:${reserved.port}`);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  await server.close();
  await reserved.release();
  const next = createServer().listen(reserved.port, HOST);
  await once(next, 'listening');
  next.close();
});
