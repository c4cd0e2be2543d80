import type { Logger } from '../log.ts';
import { describeFault } from './fault.ts';
import type { Http } from './route.ts';

/** Resolves when the named part can do its work. */
export type Check = () => Promise<unknown>;

const PATIENCE_MS = 2_000;

/**
 * `/health/live`: the process answers. `/health/ready`: so does what it depends on, each part by name;
 * 503 when one does not, or when the server is shutting down.
 */
export function serveHealth(
  http: Http,
  {
    checks,
    draining,
    log,
  }: { checks: Readonly<Record<string, Check>>; draining: () => boolean; log: Logger },
): void {
  http.get('/health/live', { schema: { hide: true }, logLevel: 'silent' }, async () => ({ status: 'ok' }));
  http.get('/health/ready', { schema: { hide: true } }, async (_request, reply) => {
    const found = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await outcome(name, check, log)] as const),
    );
    const status = draining()
      ? 'draining'
      : found.every(([, state]) => state === 'ok')
        ? 'ok'
        : 'unavailable';
    return reply.code(status === 'ok' ? 200 : 503).send({ status, checks: Object.fromEntries(found) });
  });
}

async function outcome(name: string, check: Check, log: Logger): Promise<'ok' | 'failed'> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`No answer within ${PATIENCE_MS} ms.`)), PATIENCE_MS);
    });
    await Promise.race([check(), late]);
    return 'ok';
  } catch (error) {
    log.warn({ check: name, fault: describeFault(error) }, 'not ready');
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}
