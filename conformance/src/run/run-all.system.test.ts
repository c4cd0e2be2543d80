import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { cases } from '../cases/cases.ts';
import type { Outcome } from './outcome.ts';
import { startOwnServer } from './own-server.ts';
import { reach } from './reach.ts';
import { runAll } from './run-all.ts';

const LONGEST_MS = 180_000;

function failuresOf({ cases, gaps }: Outcome): string[] {
  return [
    ...cases.flatMap((one) => (one.state === 'failed' ? [`${one.of.title}: ${one.reason}`] : [])),
    ...gaps.flatMap((gap) => (gap.state === 'otherwise' ? [`${gap.of.part}: ${gap.reason}`] : [])),
  ];
}

it(
  'every case passes against the platform',
  async () => {
    const server = await startOwnServer();
    try {
      expect(failuresOf(await runAll(server, () => undefined))).toEqual([]);
    } finally {
      await server.stop();
    }
  },
  LONGEST_MS,
);

it.each([
  ['with nothing', 200, ''],
  ['with an empty object', 200, '{}'],
  ['that it does not know', 404, '{"errors":["No such route"]}'],
])(
  'no case passes against a server that answers everything %s',
  async (_, status, body) => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const stage = {
      url: `http://127.0.0.1:${port}`,
      app: '6a1f4d0e-8e0a-4c55-9d3e-2f0e6a1b9c11',
      appKey: 'any',
      organization: { id: '6a1f4d0e-8e0a-4c55-9d3e-2f0e6a1b9c12', key: 'any' },
    };
    const outcome = await runAll(stage, () => undefined);
    expect(outcome.cases.filter(({ state }) => state !== 'failed').map(({ of }) => of.title)).toEqual([]);
    expect(outcome.cases).toHaveLength(cases.length);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
  LONGEST_MS,
);

it('a server that does not answer, and a key that opens nothing, are told before any case', async () => {
  const stage = { url: 'http://127.0.0.1:9', app: 'a', appKey: 'k', organization: null };
  await expect(reach(stage)).rejects.toThrow(/^http:\/\/127\.0\.0\.1:9 does not answer: /);
});
