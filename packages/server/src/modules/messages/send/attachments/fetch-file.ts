import { OutboundFault } from '../../../../platform/outbound/index.ts';
import type { Outbound, OutboundAnswer } from '../../../../platform/outbound/index.ts';

const TIMEOUT_MS = 30_000;
const MOST_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What is worth another try: the server's own trouble, and where it asks for patience. */
const MAY_PASS = new Set([408, 425, 429]);

export type FetchedFile =
  | { readonly ok: true; readonly bytes: Buffer; readonly contentType: string | null }
  | { readonly ok: false; readonly reason: string; readonly mayPass: boolean };

/** Fetches what is at a URL, of at most `mostBytes`, from wherever it redirects to. Never rejects. */
export async function fetchFile(
  outbound: Pick<Outbound, 'request'>,
  url: string,
  mostBytes: number,
): Promise<FetchedFile> {
  try {
    const answer = await follow(outbound, url, mostBytes);
    const { status, headers, body } = answer;
    if (status < 200 || status > 299) {
      return { ok: false, reason: `HTTP ${status}`, mayPass: status > 499 || MAY_PASS.has(status) };
    }
    return { ok: true, bytes: body, contentType: mediaTypeOf(headers['content-type']) };
  } catch (error) {
    if (!(error instanceof OutboundFault)) throw error;
    return { ok: false, reason: error.message, mayPass: error.mayPass };
  }
}

async function follow(
  outbound: Pick<Outbound, 'request'>,
  url: string,
  mostBytes: number,
): Promise<OutboundAnswer> {
  let at = url;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await outbound.request({ method: 'GET', url: at, timeoutMs: TIMEOUT_MS, mostBytes });
    const { location } = answer.headers;
    if (!REDIRECTS.has(answer.status) || location === undefined) return answer;
    if (redirects === MOST_REDIRECTS) throw new OutboundFault('invalid', 'it redirects too often');
    if (!URL.canParse(location, at)) throw new OutboundFault('invalid', 'it redirects to what is no URL');
    at = new URL(location, at).href;
  }
}

/** Without its parameters. */
function mediaTypeOf(header: string | undefined): string | null {
  return /^\s*([\w.+-]+\/[\w.+-]+)/.exec(header ?? '')?.[1]?.toLowerCase() ?? null;
}
