import { digest } from '../model/canonical.ts';
import type { Connector } from './config.ts';

/**
 * Changes whenever the mapping of users does: the next run then compares every user again and sends
 * only real differences. Functions count by their source text.
 */
export function fingerprint(connector: Connector): string {
  const text = JSON.stringify([connector.users, targetId(connector)], (_, part: unknown) =>
    typeof part === 'function' ? String(part) : part,
  );
  return digest(text, 32);
}

/** Tells one target from another: what one has acknowledged, another may not know. */
export function targetId({ target }: Connector): string {
  return digest(`${target.url}\u0000${target.appId}`, 32);
}
