import { constants } from 'node:http2';
import { ENDPOINTS } from './endpoint-path.ts';
import type { Answering, Asked } from './listen-for-both.ts';
import type { LeavingConnections } from './leaving-connections.ts';
import { Cut, Garbled } from './play-fault.ts';
import { PushRefusal } from './push-refusal.ts';
import type { PostedPush } from './take-push.ts';

export interface RequestHandlers {
  /** `https` or `http`. */
  readonly scheme: string;
  readonly leaving: LeavingConnections;
  /** Ends a connection without a word, by its peer's port: node's own way to end a session says GOAWAY. */
  readonly hangUp: (remotePort: number | undefined) => void;
  /** Takes a message in and names its address. Throws PushRefusal, Cut or Garbled. */
  readonly push: (posted: PostedPush) => Promise<{ readonly location: string; readonly leaves: boolean }>;
  /** Makes a subscription; returns it as JSON. */
  readonly subscribe: () => string;
}

const SUBSCRIPTIONS = '/subscriptions';

/** More than is allowed, so that the refusal can say so. */
const MOST_READ = 65_536;

/** Answers one request of an app's server. Never rejects. */
export async function answerRequest(
  asked: Asked,
  answering: Answering,
  handlers: RequestHandlers,
): Promise<void> {
  if (!handlers.leaving.begin(answering)) return;
  try {
    await answer(asked, answering, handlers);
  } catch (error) {
    if (error instanceof Cut) cut(asked, answering, error.what === 'connection' ? handlers.hangUp : null);
    else if (error instanceof Garbled) garble(answering);
    else if (error instanceof PushRefusal) refuse(answering, error);
    else refuse(answering, new PushRefusal(503, 'the message could not be kept'));
  }
}

async function answer(
  asked: Asked,
  answering: Answering,
  { scheme, leaving, push, subscribe }: RequestHandlers,
): Promise<void> {
  const { method, url = '', headers } = asked;
  const body = await readBody(asked);
  if (method === 'POST' && url.startsWith(ENDPOINTS)) {
    const origin = `${scheme}://${String(headers[':authority'] ?? headers.host)}`;
    const { location, leaves } = await push({ name: url.slice(ENDPOINTS.length), origin, headers, body });
    if (leaves) leaving.leave(answering);
    answering.writeHead(201, { location });
    answering.end();
  } else if (method === 'POST' && url === SUBSCRIPTIONS) {
    answering.writeHead(201, { 'content-type': 'application/json' });
    answering.end(subscribe());
  } else {
    throw new PushRefusal(404, `there are POST ${ENDPOINTS}<token> and POST ${SUBSCRIPTIONS} here`);
  }
}

async function readBody(asked: Asked): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of asked as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_READ) throw new PushRefusal(413, `the body has more than ${MOST_READ} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Ends the request without an answer, or all that its connection carries. By HTTP/1.1 they are the same. */
function cut({ socket }: Asked, answering: Answering, hangUp: RequestHandlers['hangUp'] | null): void {
  if (hangUp !== null) hangUp(socket.remotePort);
  else if ('stream' in answering) answering.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else answering.destroy();
}

function garble(answering: Answering): void {
  answering.writeHead(502, { 'content-type': 'text/html' });
  answering.end('<html><body>Bad gateway</body></html>');
}

function refuse(answering: Answering, { status, message, retryAfter }: PushRefusal): void {
  answering.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfter !== null && { 'retry-after': String(retryAfter) }),
  });
  answering.end(JSON.stringify({ code: status, message }));
}
