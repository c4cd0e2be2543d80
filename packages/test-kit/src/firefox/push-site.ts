import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the worker of a site has reported: `PUT /notifications/{id}` and `…/report_received`. */
export interface WorkerReport {
  readonly path: string;
  readonly body: unknown;
}

export interface PushSite {
  /** `http://localhost:4321`: browsers trust pages of this machine. */
  readonly url: string;
  /** In the order of arrival. */
  readonly reports: readonly WorkerReport[];
  close(): Promise<void>;
}

/** Found from the source and from the build alike. */
const FOLDER = new URL('../../pages/push-site/', import.meta.url);

const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.js': { file: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/icon.svg': { file: 'icon.svg', type: 'image/svg+xml' },
  '/worker.js': { file: 'worker.js', type: 'text/javascript; charset=utf-8' },
};

/**
 * A site with a service worker of its own that shows what is pushed to it, and reports clicks to this server, or
 * to the API that the page is told of.
 */
export async function startPushSite(): Promise<PushSite> {
  const reports: WorkerReport[] = [];
  const server = createServer((request, response) => void answer(request, response, reports));
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    reports,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  reports: WorkerReport[],
): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (request.method === 'PUT' && path.startsWith('/notifications/')) {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    reports.push({ path, body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"success":true}');
    return;
  }
  const found = FILES[path];
  if (found === undefined) return void response.writeHead(404).end();
  const text = await readFile(new URL(found.file, FOLDER));
  response.writeHead(200, { 'content-type': found.type }).end(text);
}
