import type { FastifyRequest } from 'fastify';
import { plainAddress } from '../ip-allowlist.ts';

/** Who makes a change, and from where. */
export type Author =
  | {
      readonly kind: 'api-key';
      readonly keyId: string;
      readonly organizationId: string;
      readonly ip: string;
      readonly userAgent: string | undefined;
    }
  /** The server itself: the first start, upkeep, tests. */
  | { readonly kind: 'system' };

export const SYSTEM: Author = { kind: 'system' };

/** Anyone can send a long one. */
const LONGEST_USER_AGENT = 512;

/** The author of what a request changes. Its route lets nobody in without a key. */
export function authorOf({
  principal,
  ip,
  headers,
}: Pick<FastifyRequest, 'principal' | 'ip' | 'headers'>): Author {
  if (principal.kind === 'anonymous' || principal.kind === 'identity-token') {
    throw new Error('A route that records who changed something is open to anyone.');
  }
  const { keyId, organizationId } = principal;
  const userAgent = headers['user-agent']?.slice(0, LONGEST_USER_AGENT);
  return { kind: 'api-key', keyId, organizationId, ip: plainAddress(ip), userAgent };
}
