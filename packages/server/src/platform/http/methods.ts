import type { FastifyContextConfig, HTTPMethods } from 'fastify';
import { ApiError } from './api-error.ts';
import type { Http } from './route.ts';

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

interface Path {
  readonly url: string;
  readonly methods: Set<HTTPMethods>;
  readonly config: FastifyContextConfig;
}

/**
 * Collects the routes of `scope`. The function it returns adds to `root`, where nobody asks for a key,
 * the methods that each path does not know: they answer 405 with an Allow header.
 */
export function collectMethods(scope: Http, root: Http): () => void {
  const paths = new Map<string, Path>();
  scope.addHook('onRoute', ({ url, method, config }) => {
    // Patterns that differ only in the names of their parameters are one path.
    const shape = url.replace(/:\w+/g, ':');
    const path = paths.get(shape) ?? { url, methods: new Set(), config: config ?? {} };
    paths.set(shape, path);
    for (const one of [method].flat()) path.methods.add(one);
    // Fastify answers HEAD wherever there is GET, but adds it later.
    if (path.methods.has('GET')) path.methods.add('HEAD');
  });
  return () => {
    for (const path of paths.values()) refuseOthers(root, path);
  };
}

function refuseOthers(root: Http, { url, methods, config }: Path): void {
  const method = METHODS.filter((one) => !methods.has(one));
  if (method.length === 0) return;
  const allowed = [...methods].sort().join(', ');
  root.route({
    method,
    url,
    schema: { hide: true },
    config,
    onRequest: async (request, reply) => {
      void reply.header('allow', allowed);
      throw new ApiError('method-not-allowed', { params: { method: request.method, allowed } });
    },
    handler: () => undefined,
  });
}
