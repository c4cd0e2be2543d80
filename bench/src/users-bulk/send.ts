import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { BulkUserSummary } from '@carillon/wire';
import type { Platform } from '../platform/start-platform.ts';

/** Sends one bulk request and reads its answer to the end. Returns the last line. */
export async function sendBulk(platform: Platform, body: Iterable<Buffer>): Promise<BulkUserSummary> {
  const call = request(`${platform.url}/apps/${platform.appId}/users/bulk`, {
    method: 'POST',
    headers: { authorization: `Key ${platform.appKey}`, 'content-type': 'application/x-ndjson' },
  });
  Readable.from(body).pipe(call);
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  let last = '';
  for await (const line of createInterface(answer)) last = line;
  const summary = JSON.parse(last) as BulkUserSummary;
  if (answer.statusCode !== 200 || !summary.done) {
    throw new Error(`the bulk request ended with ${answer.statusCode}: ${last}`);
  }
  return summary;
}
