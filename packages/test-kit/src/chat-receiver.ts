import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { HttpReceiver } from './http-receiver.ts';

type Json = Readonly<Record<string, unknown>>;
type Reply = readonly [status: number, body: string, headers?: Readonly<Record<string, string>>];

/** A request as it came. */
export interface ArrivedPost {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

const isText = (value: unknown, most: number) =>
  typeof value === 'string' && value.trim() !== '' && value.length <= most;
const json = (status: number, body: object, headers = {}): Reply => [
  status,
  JSON.stringify(body),
  { 'content-type': 'application/json', ...headers },
];

/** What each place says of a post that is whole, and of one that is not. */
const WIRES: Readonly<Record<string, (body: Json) => Reply>> = {
  slack: ({ text }) => (isText(text, 40_000) ? [200, 'ok'] : [400, 'invalid_payload']),
  discord: ({ content }) =>
    isText(content, 2_000)
      ? [204, '']
      : json(400, { code: 50_035, message: 'Invalid Form Body', errors: { content: {} } }),
  teams({ type, attachments }) {
    const [first] = Array.isArray(attachments) ? (attachments as Json[]) : [];
    const isCard = first?.['contentType'] === 'application/vnd.microsoft.card.adaptive';
    return type === 'message' && isCard
      ? [202, '']
      : json(400, { error: { code: 'TriggerInputSchemaMismatch' } });
  },
  webhook: () => [200, ''],
};

/** What each says when it wants fewer posts, and when it is gone. */
const FAULTS: Readonly<Record<string, Readonly<Record<string, Reply>>>> = {
  slack: { busy: [429, 'rate_limited', { 'retry-after': '1' }], gone: [404, 'no_service'] },
  discord: {
    busy: json(429, { message: 'You are being rate limited.', retry_after: 0.2, global: false }),
    gone: json(404, { message: 'Unknown Webhook', code: 10_015 }),
  },
  teams: {
    busy: [429, '', { 'retry-after': '1' }],
    gone: json(404, { error: { code: 'WorkflowNotFound', message: 'The workflow could not be found.' } }),
  },
  webhook: { busy: [503, '', { 'retry-after': '1' }], gone: [410, ''] },
};

/**
 * Slack, Discord, Teams and a webhook at `/<kind>/<name>`. A name that begins with `gone` is not there; one with `busy`
 * asks once to wait; one with `down` gives no answer until `isDown` is over.
 */
export class ChatReceiver extends HttpReceiver {
  readonly arrived: ArrivedPost[] = [];
  isDown = true;
  readonly #toldToWait = new Set<string>();

  /** What was taken at a path. */
  at(path: string): ArrivedPost[] {
    return this.arrived.filter((one) => one.path === path);
  }

  protected async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const raw = Buffer.concat(chunks).toString();
    const path = request.url ?? '';
    const [, kind = '', name = ''] = path.split('/');
    if (name.startsWith('down') && this.isDown) return void response.destroy();
    const body = JSON.parse(raw) as Json;
    const [status, text, headers] = this.#reply(kind, name, path, body);
    if (status < 300) this.arrived.push({ path, headers: request.headers, raw, body });
    response.writeHead(status, headers).end(text);
  }

  #reply(kind: string, name: string, path: string, body: Json): Reply {
    const faults = FAULTS[kind] ?? {};
    if (name.startsWith('gone')) return faults['gone'] ?? [404, ''];
    if (name.startsWith('busy') && !this.#toldToWait.has(path)) {
      this.#toldToWait.add(path);
      return faults['busy'] ?? [429, ''];
    }
    return WIRES[kind]?.(body) ?? [404, ''];
  }
}
