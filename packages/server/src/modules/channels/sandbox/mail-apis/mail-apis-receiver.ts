import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sleep } from '../../../../platform/clock.ts';
import type { Clock } from '../../../../platform/clock.ts';
import { newId } from '../../../../platform/ids.ts';
import { fateOf, scriptedFaultOf } from '../mail/scripted-fault.ts';
import type { ArrivedMail } from '../mail/smtp-receiver.ts';
import { answer } from './mail-provider.ts';
import type { ApiAnswer, MailProvider, PostedMail } from './mail-provider.ts';
import { mailProviderOf } from './providers.ts';

export interface MailApisReceiverOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Takes the mail in. The sender is told "not now" when it rejects. */
  readonly take: (mail: ArrivedMail) => Promise<void>;
}

export interface MailApisReceiver {
  /** Before the name of a provider, it is its `base_url`. */
  readonly origin: string;
  /** Connections that are open now. */
  connections(): number;
  close(): Promise<void>;
}

const SLOW_MS = 1_000;
const LARGEST_BODY = 64 * 1024 * 1024;
const MOST_KEYS = 10_000;

/**
 * The APIs of mail providers, each below its name. They check who asks and what is asked, answer as the provider
 * does, and play the faults that the recipient's address asks for (scripted-fault.ts). They pass nothing on.
 */
export async function startMailApisReceiver(options: MailApisReceiverOptions): Promise<MailApisReceiver> {
  const { clock, take } = options;
  const deferredOnce = new Set<string>();
  const answered = new Map<string, ApiAnswer>();

  /** Null: there is no answer, and the connection is cut. */
  async function receive(request: IncomingMessage): Promise<ApiAnswer | null> {
    const [, name = '', rest = ''] = /^\/([a-z]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const provider = mailProviderOf(name);
    const body = await readAll(request);
    if (provider === null || body === null) return answer(provider === null ? 404 : 413, {});
    const { method = '', url: wholePath = '' } = request;
    const headers = request.headers as Record<string, string>;
    const received = provider.receive({ method, path: rest, wholePath, headers, body, now: clock.now() });
    if (received.kind === 'answer') return received.answer;
    const { mail } = received;
    const key = mail.idempotencyKey === null ? null : `${name} ${mail.idempotencyKey}`;
    const before = key === null ? undefined : answered.get(key);
    return before ?? play(name, provider, mail, key);
  }

  async function play(
    account: string,
    provider: MailProvider,
    mail: PostedMail,
    key: string | null,
  ): Promise<ApiAnswer | null> {
    const { recipient } = mail;
    const fault = scriptedFaultOf(recipient);
    const isFirst = !deferredOnce.has(recipient);
    deferredOnce.add(recipient);
    if (fault === 'refuse') return provider.refused(mail);
    if (fault === 'defer' || (fault === 'once' && isFirst)) return provider.deferred();
    if (fault === 'busy') return provider.throttled();
    if (fault === 'drop') return null;
    if (fault === 'slow') await sleep(clock, SLOW_MS);
    const { sender, messageId: providerId, raw } = mail;
    await take({ account, sender, recipient, providerId, raw, fate: fateOf(fault), at: clock.now() });
    const accepted = provider.accepted(newId(), mail);
    if (key !== null) remember(key, accepted);
    return fault === 'lost' ? null : accepted;
  }

  function remember(key: string, accepted: ApiAnswer): void {
    answered.set(key, accepted);
    if (answered.size > MOST_KEYS) answered.delete([...answered.keys()][0] ?? '');
  }

  const server = createServer((request, response) => {
    receive(request).then(
      (said) => (said === null ? request.socket.destroy() : send(response, said)),
      () => send(response, answer(503, {})),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  let open = 0;
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => (open -= 1));
  });
  return {
    origin: `http://${options.host}:${port}`,
    connections: () => open,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, { status, body, headers = {} }: ApiAnswer): void {
  if (body === null) return void response.writeHead(status, headers).end();
  if (typeof body === 'string') return void response.writeHead(status, headers).end(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Null for a body that is larger than any provider takes. */
async function readAll(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= LARGEST_BODY) chunks.push(chunk);
  }
  return length > LARGEST_BODY ? null : Buffer.concat(chunks);
}
