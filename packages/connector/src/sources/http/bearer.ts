import type { Ask } from './send.ts';

/** A token and when it ends, in milliseconds since the epoch. */
export interface Token {
  readonly value: string;
  readonly endsAt: number;
}

/** A token is not used in its last minute: a request may take that long to arrive. */
const EARLY_MS = 60_000;

/** Keeps a token, and asks for another one shortly before it ends or when it was not taken. */
export function bearer(
  ask: () => Promise<Token>,
  extra: Readonly<Record<string, string>> = {},
): (request: Ask, renew: boolean) => Promise<Record<string, string>> {
  let token: Promise<Token> | null = null;
  return async (_request, renew) => {
    let current = token === null ? null : await token;
    if (current === null || renew || current.endsAt - EARLY_MS < Date.now()) {
      token = ask();
      token.catch(() => (token = null));
      current = await token;
    }
    return { authorization: `Bearer ${current.value}`, ...extra };
  };
}
