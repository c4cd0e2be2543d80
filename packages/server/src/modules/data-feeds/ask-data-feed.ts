import { OutboundFault } from '../../platform/outbound/index.ts';
import type { Outbound, OutboundAnswer } from '../../platform/outbound/index.ts';

/** A feed's request to be made for one recipient: everything is filled in. */
export interface DataFeedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export type DataFeedAnswer =
  /** The JSON text of an object or a list that has something in it. */
  | { readonly ok: true; readonly json: string }
  /** `afterMs`: how long it asked to wait, where another try may go better. */
  | {
      readonly ok: false;
      readonly reason: string;
      readonly mayPass: boolean;
      readonly afterMs: number | null;
    };

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 256 * 1024;
const MAY_PASS = new Set([408, 425, 429]);
const HEADERS = { accept: 'application/json', 'user-agent': 'Carillon' };

/** Asks a feed once. Never rejects: what went wrong is an answer. */
export async function askDataFeed(
  outbound: Pick<Outbound, 'request'>,
  { method, url, headers, body }: DataFeedRequest,
): Promise<DataFeedAnswer> {
  const sent = method === 'GET' ? null : (body ?? '');
  try {
    const answer = await outbound.request({
      method,
      url,
      headers: { ...HEADERS, ...(sent !== null && contentOf(sent)), ...lowerCased(headers) },
      body: sent,
      timeoutMs: TIMEOUT_MS,
      mostBytes: MOST_BYTES,
    });
    return read(answer);
  } catch (error) {
    if (error instanceof OutboundFault) return failed(error.message, error.mayPass);
    throw error;
  }
}

function read({ status, headers, body }: OutboundAnswer): DataFeedAnswer {
  if (status < 200 || status > 299) {
    const mayPass = status > 499 || MAY_PASS.has(status);
    return failed(`HTTP ${status}`, mayPass, mayPass ? waitOf(headers['retry-after']) : null);
  }
  const json = body.toString('utf8');
  if (json.trim() === '') return failed('it answered no data', false);
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    return failed('its answer is no JSON', false);
  }
  if (data === null) return failed('it answered no data', false);
  if (typeof data !== 'object') return failed('its answer is neither an object nor a list', false);
  return Object.keys(data).length === 0 ? failed('it answered no data', false) : { ok: true, json };
}

function failed(why: string, mayPass: boolean, afterMs: number | null = null): DataFeedAnswer {
  return { ok: false, reason: `the data feed failed: ${why}`, mayPass, afterMs };
}

/** In seconds; a date is not worth the trouble. */
function waitOf(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : null;
}

function contentOf(body: string): Record<string, string> {
  return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
}

function lowerCased(headers: DataFeedRequest['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
