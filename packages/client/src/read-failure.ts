import type { ErrorLine, Failure } from './failure.ts';

/**
 * Turns an answer that is not a success into a failure. `body` is the parsed JSON, or undefined
 * where there was none. `retryAfter` is the raw header.
 */
export function readFailure(status: number, body: unknown, retryAfter: string | undefined): Failure {
  const errors = readErrors(body);
  const retryAfterMs = readRetryAfter(retryAfter);
  if (status === 429) return { kind: 'rate-limited', retryAfterMs, errors };
  if (status >= 500 || status < 400) return { kind: 'unavailable', status, retryAfterMs, errors };
  if (status === 401 || status === 403) return { kind: 'unauthorized', status, errors };
  if (status === 404 || status === 410) return { kind: 'not-found', errors };
  if (status === 409) return { kind: 'conflict', errors };
  return { kind: 'invalid', status, errors };
}

/** Whole seconds only, as the server sends them; a date or anything else counts as absent. */
export function readRetryAfter(header: string | undefined): number | null {
  return header !== undefined && /^\d+$/.test(header.trim()) ? Number(header) * 1000 : null;
}

/** Reads `{"errors":["text"]}`, `{"errors":[{code,title,meta}]}` and a bare string. */
function readErrors(body: unknown): ErrorLine[] {
  if (typeof body !== 'object' || body === null || !('errors' in body)) return [];
  const errors = body.errors;
  const list: readonly unknown[] = Array.isArray(errors) ? errors : [errors];
  return list.map((entry) => {
    if (typeof entry !== 'object' || entry === null) return { code: null, title: String(entry), meta: {} };
    const { code, title, meta } = entry as Partial<Record<'code' | 'title' | 'meta', unknown>>;
    return {
      code: typeof code === 'string' ? code : null,
      title: typeof title === 'string' ? title : JSON.stringify(entry),
      meta: typeof meta === 'object' && meta !== null ? (meta as Record<string, unknown>) : {},
    };
  });
}
