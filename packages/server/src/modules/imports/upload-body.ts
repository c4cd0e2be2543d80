import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';

/**
 * The body of a request as a stream that can be given up without its connection: a refusal is answered over that.
 * Destroy it when it is of no use any more; what the client still sends then goes by.
 */
export function uploadBody(request: IncomingMessage): Readable {
  const body = new PassThrough();
  request.once('error', (error) => body.destroy(error));
  body.once('close', () => {
    request.unpipe(body);
    request.resume();
  });
  return request.pipe(body);
}
