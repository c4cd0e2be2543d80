import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Answer, Failure } from './failure.ts';
import { readFailure } from './read-failure.ts';
import { retryDelay } from './retry.ts';
import type { RetryPolicy } from './retry.ts';

type QueryValue = string | number | boolean;

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
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

export interface TransportOptions {
  /** For instance http://127.0.0.1:8080 or https://example.org/api/v1. */
  readonly url: string;
  readonly apiKey: string;
  readonly retry: RetryPolicy;
  /** Most requests at a time. */
  readonly connections: number;
}

const LONGEST_ANSWER_MS = 100_000;

/** Speaks JSON over a pool of connections: one call in, one answer out, retries in between. */
export class Transport {
  readonly #pool: Pool;
  readonly #prefix: string;
  readonly #headers: Record<string, string>;
  readonly #retry: RetryPolicy;

  constructor(options: TransportOptions) {
    const url = new URL(options.url);
    this.#pool = new Pool(url.origin, { connections: options.connections, pipelining: 1 });
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.#headers = { authorization: `Key ${options.apiKey}`, accept: 'application/json' };
    this.#retry = options.retry;
  }

  async send<Value>(call: Call): Promise<Answer<Value>> {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#once<Value>(call);
      if (answer.ok) return answer;
      const delay = retryDelay(this.#retry, attempt, answer.failure, call.repeatable);
      if (delay === null) return answer;
      try {
        await pause(delay, undefined, { signal: call.signal });
      } catch {
        return failed({ kind: 'aborted' });
      }
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }

  async #once<Value>(call: Call): Promise<Answer<Value>> {
    if (aborted(call.signal)) return failed({ kind: 'aborted' });
    try {
      const timeout = call.timeoutMs ?? LONGEST_ANSWER_MS;
      const response = await this.#pool.request({
        method: call.method,
        path: this.#prefix + call.path + queryOf(call.query),
        headers:
          call.body === undefined ? this.#headers : { ...this.#headers, 'content-type': 'application/json' },
        body: call.body === undefined ? null : JSON.stringify(call.body),
        signal: call.signal ?? null,
        headersTimeout: timeout,
        bodyTimeout: timeout,
      });
      const body = parse(await response.body.text());
      const { statusCode: status, headers } = response;
      if (status >= 300 || body === undefined)
        return failed(readFailure(status, body, single(headers['retry-after'])));
      const replayed = single(headers['idempotent-replayed'])?.trim().toLowerCase() === 'true';
      return { ok: true, value: body as Value, status, replayed };
    } catch (error) {
      if (aborted(call.signal)) return failed({ kind: 'aborted' });
      return failed({ kind: 'unreachable', message: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** Encodes one value for its place between two slashes. */
export function segment(value: string): string {
  return encodeURIComponent(value);
}

function queryOf(query: Call['query']): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
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

function failed(failure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure };
}
