import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { HttpReceiver } from '@carillon/test-kit';
import { answerQuietFeed, answerUsers } from './answers.ts';

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
    if (request.method === 'GET') return answerQuietFeed(response);
    this.requests += 1;
    const isBulk = request.headers['content-type']?.includes('ndjson') === true;
    const lines = isBulk ? sent.split('\n').filter((line) => line !== '') : [sent];
    for (const line of lines) {
      const version = (JSON.parse(line) as UserBody).properties?.tags?.version;
      if (version === undefined) continue;
      this.lastVersion = version;
      if (!this.acknowledged.has(version)) this.acknowledged.set(version, performance.now());
    }
    answerUsers(response, { lines: lines.length, isBulk, isNew: request.method === 'POST' });
  }
}
