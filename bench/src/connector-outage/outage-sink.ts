import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { HttpReceiver } from '@carillon/test-kit';
import { answerQuietFeed, answerUsers } from '../connector/answers.ts';

interface UserLine {
  /** Absent where the address names the user. */
  readonly identity?: { readonly external_id: string };
  readonly properties: { readonly tags: { readonly version: string } };
}

interface EventsBody {
  readonly events: readonly { readonly idempotency_key: string }[];
}

/** A target in bulk that can be away, and remembers what it has of everybody. */
export class OutageSink extends HttpReceiver {
  /** The version that each user had last, by external id. */
  readonly versions = new Map<string, string>();
  /** How often each event was told, by key. */
  readonly told = new Map<string, number>();
  users = 0;

  protected async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await text(request).catch(() => '');
    if (request.method === 'GET') return answerQuietFeed(response);
    if (request.url?.endsWith('/custom_events') === true) {
      for (const { idempotency_key: key } of (JSON.parse(sent) as EventsBody).events)
        this.told.set(key, (this.told.get(key) ?? 0) + 1);
      response.writeHead(202, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    const isBulk = request.headers['content-type']?.includes('ndjson') === true;
    const lines = isBulk ? sent.split('\n').filter((line) => line !== '') : [sent];
    for (const line of lines) {
      const { identity, properties } = JSON.parse(line) as UserLine;
      this.versions.set(identity?.external_id ?? nameIn(request.url), properties.tags.version);
    }
    this.users += lines.length;
    answerUsers(response, { lines: lines.length, isBulk, isNew: request.method === 'POST' });
  }
}

/** Of an address that ends with the external id of one user. */
function nameIn(url = ''): string {
  return decodeURIComponent(/\/users\/by\/external_id\/([^/?]+)/.exec(url)?.[1] ?? '');
}
