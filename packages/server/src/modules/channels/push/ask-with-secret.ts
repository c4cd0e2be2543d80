import type { Clock } from '../../../platform/clock.ts';
import type { Outbound } from '../../../platform/outbound/index.ts';
import { readRetryAfter } from '../retry-after.ts';
import type { Grant } from './access-tokens.ts';
import { outcomeOfFault } from './fault-outcome.ts';
import { readTokenAnswer } from './read-token-answer.ts';

export interface SecretGrant {
  /** Whose token it is, as reasons name them. */
  readonly provider: string;
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
  /** What an operator looks at when there is no token. */
  readonly hint: string;
}

const TIMEOUT_MS = 20_000;
const LARGEST_ANSWER = 16_384;

/** Asks for an access token with an id and a secret (OAuth 2.0, RFC 6749, section 4.4). Never rejects. */
export async function askWithSecret(
  { provider, url, clientId, clientSecret, scope, hint }: SecretGrant,
  outbound: Outbound,
  clock: Clock,
): Promise<Grant> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    ...(scope !== undefined && { scope }),
  });
  try {
    const answer = await outbound.request({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      timeoutMs: TIMEOUT_MS,
      mostBytes: LARGEST_ANSWER,
    });
    const { granted, code } = readTokenAnswer(answer);
    if (granted !== null) return { ok: true, ...granted };
    const words = code === null ? String(answer.status) : `${answer.status} ${code}`;
    const afterMs = readRetryAfter(answer.headers['retry-after'], clock.now());
    // The operator can set another secret while messages wait.
    const reason = `${words} (${provider} gives no access token: ${hint})`;
    return { ok: false, outcome: { state: 'retry', reason, afterMs } };
  } catch (error) {
    return { ok: false, outcome: outcomeOfFault(error, `the access token of ${provider}`) };
  }
}
