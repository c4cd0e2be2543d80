import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import type { Connector } from '../../config/config.ts';
import { readStatus } from '../status/read-status.ts';
import { writeMetrics } from './write-metrics.ts';

export interface MetricsServer {
  readonly url: string;
  close(): void;
}

/** Answers `GET /metrics`. `at` is a port of this machine alone, or `host:port`. */
export async function serveMetrics(connector: Connector, at: string): Promise<MetricsServer> {
  const [, host = '127.0.0.1', port = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(at) ?? [];
  if (port === '' || Number(port) > 65_535) {
    throw new ConfigInvalid('--metrics', `is a port, or host:port; it is "${at}"`);
  }
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end('metrics are at /metrics\n');
    readStatus(connector).then(
      (status) =>
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(writeMetrics(status)),
      (error: unknown) => response.writeHead(500).end(`${String(error)}\n`),
    );
  });
  server.listen(Number(port), host);
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => Promise.reject(error as Error)),
  ]);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${taken}/metrics`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
