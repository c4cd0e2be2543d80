import type { Token } from './bearer.ts';
import { sendForJson } from './send.ts';

/** Where a token lives on when its server does not say for how long. */
const LIFE_SECONDS = 15 * 60;

/** An OAuth 2 token, by a form with the grant in it. `answer` is what else was said. */
export async function askToken(
  what: string,
  url: string,
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<Token & { readonly answer: Readonly<Record<string, unknown>> }> {
  const answer = await sendForJson<{ access_token: string; expires_in?: number }>(
    {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(form).toString(),
    },
    { what: `${what} token`, signal },
  );
  const endsAt = Date.now() + (answer.expires_in ?? LIFE_SECONDS) * 1000;
  return { value: answer.access_token, endsAt, answer: { ...answer } };
}
