import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Answer, Failure } from './failure.ts';
import { exchange } from './exchange.ts';
import { readFailure } from './read-failure.ts';
import { retryDelay } from './retry.ts';
import type { RetryPolicy } from './retry.ts';

type QueryValue = string | number | boolean;

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base URL, beginning with a slash; values already percent-encoded (`segment`). */
  readonly path: string;
  /** A list stands once for each of its entries. */
  readonly query?: Readonly<Record<string, QueryValue | readonly string[] | undefined>>;
  readonly body?: object;
  /** False where a second arrival would do a second thing. */
  readonly repeatable: boolean;
  /** How long the server may take to begin its answer. 100 s when absent, as documented. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A request whose body is made while it is sent, and whose answer is read as it comes. */
export interface StreamCall {
  /** POST when absent. */
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal | undefined;
}

/** The answer's beginning; reading its body throws when the connection is lost. */
export type Streamed =
  | { readonly ok: true; readonly body: AsyncIterable<Uint8Array> }
  | { readonly ok: false; readonly failure: Failure };

export interface TransportOptions {
  /** For instance http://127.0.0.1:8080 or https://example.org/api/v1. */
  readonly url: string;
  readonly apiKey: string;
  readonly retry: RetryPolicy;
  /** Most requests at a time. */
  readonly connections: number;
}

const LONGEST_ANSWER_MS = 100_000;
const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Speaks JSON over a pool of connections: one call in, one answer out, retries in between. */
export class Transport {
  readonly #pool: Pool;
  readonly #prefix: string;
  readonly #headers: Record<string, string>;
  readonly #jsonHeaders: Record<string, string>;
  readonly retry: RetryPolicy;
  /** Whether the server is on this machine. */
  readonly isLocal: boolean;

  constructor(options: TransportOptions) {
    const url = new URL(options.url);
    this.#pool = new Pool(url.origin, { connections: options.connections, pipelining: 1 });
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.#headers = { authorization: `Key ${options.apiKey}`, accept: 'application/json' };
    this.#jsonHeaders = { ...this.#headers, 'content-type': 'application/json' };
    this.retry = options.retry;
    this.isLocal = LOCAL.test(url.hostname);
  }

  async send<Value>(call: Call): Promise<Answer<Value>> {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#once<Value>(call);
      if (answer.ok) return answer;
      const delay = retryDelay(this.retry, attempt, answer.failure, call.repeatable);
      if (delay === null) return answer;
      try {
        await pause(delay, undefined, { signal: call.signal });
      } catch {
        return failed({ kind: 'aborted' });
      }
    }
  }

  /** Sends a body as it is made, in one try. Resolves when the answer begins, which may be long before its end. */
  async stream({ method = 'POST', path, headers, body, signal }: StreamCall): Promise<Streamed> {
    if (aborted(signal)) return failed({ kind: 'aborted' });
    try {
      const response = await this.#pool.request({
        method,
        path: this.#prefix + path,
        headers: { ...this.#headers, ...headers },
        body: body === undefined ? null : Readable.from(body, { objectMode: false }),
        signal: signal ?? null,
        headersTimeout: LONGEST_ANSWER_MS,
        bodyTimeout: LONGEST_ANSWER_MS,
      });
      if (response.statusCode < 300) return { ok: true, body: response.body };
      const told = parse(await response.body.text());
      return failed(readFailure(response.statusCode, told, single(response.headers['retry-after'])));
    } catch (error) {
      return failed(aborted(signal) ? { kind: 'aborted' } : unreachable(error));
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  async #once<Value>(call: Call): Promise<Answer<Value>> {
    if (aborted(call.signal)) return failed({ kind: 'aborted' });
    try {
      const timeout = call.timeoutMs ?? LONGEST_ANSWER_MS;
      const { status, headers, text } = await exchange(
        this.#pool,
        {
          method: call.method,
          path: this.#prefix + call.path + queryOf(call.query),
          headers: call.body === undefined ? this.#headers : this.#jsonHeaders,
          body: call.body === undefined ? null : JSON.stringify(call.body),
          headersTimeout: timeout,
          bodyTimeout: timeout,
        },
        call.signal,
      );
      const body = parse(text);
      if (status >= 300 || body === undefined)
        return failed(readFailure(status, body, single(headers['retry-after'])));
      const replayed = single(headers['idempotent-replayed'])?.trim().toLowerCase() === 'true';
      return { ok: true, value: body as Value, status, replayed };
    } catch (error) {
      if (aborted(call.signal)) return failed({ kind: 'aborted' });
      return failed(unreachable(error));
    }
  }
}

/** Encodes one value for its place between two slashes. */
export function segment(value: string): string {
  return encodeURIComponent(value);
}

function queryOf(query: Call['query']): string {
  if (query === undefined) return '';
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? (value as readonly string[]) : [value];
    for (const one of values) if (one !== undefined) given.append(name, String(one));
  }
  return given.size === 0 ? '' : `?${given.toString()}`;
}

/** A function, because the signal changes while a call waits and the compiler would not believe it. */
function aborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** undefined where the text is not JSON. An empty body of a success is an empty object. */
function parse(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function unreachable(error: unknown): Failure {
  return { kind: 'unreachable', message: error instanceof Error ? error.message : String(error) };
}

function failed(failure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure };
}
