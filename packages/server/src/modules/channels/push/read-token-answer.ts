/** What a token endpoint says (RFC 6749, section 5). */
interface TokenAnswer {
  readonly granted: { readonly token: string; readonly lifeMs: number } | null;
  /** The endpoint's own code for why not; null where it gives none. */
  readonly code: string | null;
}

/** Anything may have answered there. */
export function readTokenAnswer({
  status,
  body,
}: {
  readonly status: number;
  readonly body: Buffer;
}): TokenAnswer {
  const { access_token: token, expires_in: seconds, error } = readJson(body);
  const isGiven = status === 200 && typeof token === 'string' && typeof seconds === 'number';
  return {
    granted: isGiven ? { token, lifeMs: seconds * 1_000 } : null,
    code: codeOf(error),
  };
}

/** Huawei's are numbers. */
function codeOf(error: unknown): string | null {
  if (typeof error === 'number') return String(error);
  return typeof error === 'string' && /^\w{1,60}$/.test(error) ? error : null;
}

function readJson(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(body.toString('utf8')) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
