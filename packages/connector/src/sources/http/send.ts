import { setTimeout as pause } from 'node:timers/promises';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import { retryDelay } from './retry-delay.ts';
import { SourceRefused, SourceUnreachable } from './source-failure.ts';

/** One request to a source that is read over HTTP. */
export interface Ask {
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface SendOptions {
  /** Who is asked, in messages: never its address, which can hold a credential. */
  readonly what: string;
  readonly signal: AbortSignal;
  /** Headers that let us in, asked for before each attempt; `renew` after an answer of 401. */
  readonly authorize?: (ask: Ask, renew: boolean) => Promise<Readonly<Record<string, string>>>;
  /** Answers beside 2xx that the caller reads itself. */
  readonly accept?: readonly number[];
}

const ATTEMPTS = 6;
/** Until the answer begins. Its body may take as long as it goes on coming. */
const ANSWER_MS = 100_000;
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Sends a request that may be repeated, and waits out what passes: lost connections, 429 and 5xx by their
 * Retry-After. An answer of 401 is tried once more with a new token.
 *
 * @throws SourceUnreachable where it does not pass; SourceRefused for 401 and 403; ConfigInvalid for other 4xx.
 */
export async function send(ask: Ask, options: SendOptions): Promise<Response> {
  let renewed = false;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await attemptOnce(ask, options, renewed);
    if (!(answer instanceof Error)) {
      if (answer.ok || options.accept?.includes(answer.status) === true) return answer;
      if (answer.status === 401 && options.authorize !== undefined && !renewed) {
        renewed = true;
        await answer.body?.cancel();
        continue;
      }
      if (!PASSING.has(answer.status)) throw await refusal(answer, options.what);
    }
    const asked = answer instanceof Error ? null : answer.headers.get('retry-after');
    const delay = retryDelay(attempt, asked);
    if (attempt >= ATTEMPTS || delay === null) throw unreachable(answer, options.what);
    if (!(answer instanceof Error)) await answer.body?.cancel();
    await pause(delay, undefined, { signal: options.signal });
  }
}

/** The answer as JSON. What is no JSON was cut off on its way. */
export async function sendForJson<Answer>(ask: Ask, options: SendOptions): Promise<Answer> {
  const answer = await send(ask, options);
  try {
    return (await answer.json()) as Answer;
  } catch (error) {
    options.signal.throwIfAborted();
    throw new SourceUnreachable(`${options.what}: the answer is not whole`, error);
  }
}

async function attemptOnce(ask: Ask, options: SendOptions, renew: boolean): Promise<Response | Error> {
  const { method = 'GET', url, headers = {}, body } = ask;
  const waited = new AbortController();
  const timer = setTimeout(() => waited.abort(), ANSWER_MS);
  try {
    const allowed = (await options.authorize?.(ask, renew)) ?? {};
    return await fetch(url, {
      method,
      headers: { ...headers, ...allowed },
      signal: AbortSignal.any([options.signal, waited.signal]),
      ...(body !== undefined && { body }),
    });
  } catch (error) {
    options.signal.throwIfAborted();
    if (!waited.signal.aborted && !isNetworkFailure(error)) throw error;
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** `fetch` throws a TypeError for every fault of the network, and names it in the cause. */
function isNetworkFailure(error: unknown): boolean {
  return error instanceof TypeError && error.cause instanceof Error;
}

function unreachable(answer: Response | Error, what: string): SourceUnreachable {
  if (!(answer instanceof Error)) return new SourceUnreachable(`${what}: answers ${answer.status}`);
  const cause = answer.cause instanceof Error ? answer.cause.message : 'no answer in time';
  return new SourceUnreachable(`${what}: does not answer (${cause})`, answer);
}

async function refusal(answer: Response, what: string): Promise<Error> {
  const text = (await answer.text().catch(() => '')).replaceAll(/\s+/g, ' ').slice(0, 300);
  const said = `answers ${answer.status}${text === '' ? '' : `: ${text}`}`;
  return answer.status === 401 || answer.status === 403
    ? new SourceRefused(`${what}: ${said}`, answer.status)
    : new ConfigInvalid(what, said);
}
