/** What an answer of Huawei says. */
interface HuaweiWords {
  /** Eight digits; empty where there are none. */
  readonly code: string;
  /** Huawei's name for the request. */
  readonly requestId: string | null;
  /** The tokens that were not taken; null where it names none. */
  readonly illegalTokens: ReadonlySet<string> | null;
}

const LONGEST = 200;

/** A proxy on the way may answer anything. `msg` is words, or JSON in a text where some tokens were not taken. */
export function readHuaweiWords(body: Buffer): HuaweiWords {
  const { code, msg, requestId } = parse(body.toString('utf8'));
  const tokens = typeof msg === 'string' ? parse(msg)['illegal_tokens'] : undefined;
  return {
    code: typeof code === 'string' && /^\d{8}$/.test(code) ? code : '',
    requestId: typeof requestId === 'string' ? requestId.slice(0, LONGEST) : null,
    illegalTokens: Array.isArray(tokens)
      ? new Set(tokens.filter((token) => typeof token === 'string'))
      : null,
  };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
