import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { HttpReceiver } from '@carillon/test-kit';

interface UserBody {
  readonly properties?: { readonly tags?: { readonly version?: string } };
}

/** A target that says yes at once, and remembers when it did so to each version of a user. */
export class PromptSink extends HttpReceiver {
  /** When a version was acknowledged first, in milliseconds of `performance.now()`. */
  readonly acknowledged = new Map<string, number>();
  /** The version that was named last. */
  lastVersion: string | null = null;
  requests = 0;

  protected async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await text(request).catch(() => '');
    if (request.method === 'GET') {
      // The feed: nothing has happened, and nothing will for a while.
      const quiet = JSON.stringify({ events: [], cursor: '0', has_more: false });
      setTimeout(() => response.writeHead(200, JSON_TYPE).end(quiet), 1_000);
      return;
    }
    this.requests += 1;
    const isBulk = request.headers['content-type']?.includes('ndjson') === true;
    const lines = isBulk ? sent.split('\n').filter((line) => line !== '') : [sent];
    for (const line of lines) {
      const version = (JSON.parse(line) as UserBody).properties?.tags?.version;
      if (version === undefined) continue;
      this.lastVersion = version;
      if (!this.acknowledged.has(version)) this.acknowledged.set(version, performance.now());
    }
    if (isBulk)
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(bulkAnswer(lines.length));
    else response.writeHead(request.method === 'POST' ? 201 : 202, JSON_TYPE).end(ONE);
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };
const ID = '00000000-0000-4000-8000-000000000000';
const ONE = JSON.stringify({ identity: { onesignal_id: ID }, properties: {}, subscriptions: [] });

function bulkAnswer(lines: number): string {
  const results = Array.from({ length: lines }, (_, i) => ({
    line: i + 1,
    status: 'created',
    onesignal_id: ID,
  }));
  const done = { done: true, lines, created: lines, updated: 0, unchanged: 0, rejected: 0 };
  return [...results, done].map((line) => `${JSON.stringify(line)}\n`).join('');
}
