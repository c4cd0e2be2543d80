import type { FastifyRequest } from 'fastify';
import { ApiError } from '../../../../platform/http/api-error.ts';

/**
 * A hook that lets only this machine in, and of the pages that are open on it only the sandbox's own. A request
 * that a proxy passed on comes from elsewhere, even when the proxy runs here.
 */
export async function localOnly({ socket, headers }: FastifyRequest): Promise<void> {
  const address = socket.remoteAddress ?? '';
  const local = /^(::1|(::ffff:)?127\.)/.test(address);
  if (!local || headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined)
    throw new ApiError('sandbox-local-only');
  const { origin, host } = headers;
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host))
    throw new ApiError('sandbox-local-only');
}
