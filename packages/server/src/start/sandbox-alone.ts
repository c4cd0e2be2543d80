import { routesOfSandbox, startSandboxAlone } from '../modules/channels/index.ts';
import type { SandboxPlaces } from '../modules/channels/index.ts';
import { systemClock } from '../platform/clock.ts';
import type { SandboxConfig } from '../platform/config/index.ts';
import { createHttpServer } from '../platform/http/server.ts';
import type { Logger } from '../platform/log.ts';
import { Closers } from './closers.ts';

export interface RunningSandbox {
  /** Of its page and its API. */
  readonly url: string;
  readonly places: SandboxPlaces;
  stop(): Promise<void>;
}

export interface SandboxAloneOptions {
  /** Of its page and its API; 0: any free port. */
  readonly port: number;
  readonly ports: SandboxConfig;
  readonly twilioInboundUrl: string | null;
  readonly vonageInboundUrl: string | null;
  readonly log: Logger;
}

const HOST = '127.0.0.1';

/** Starts the receivers of the sandbox, its page and its API, and nothing else: no database, no platform. */
export async function runSandboxAlone({ port, ...options }: SandboxAloneOptions): Promise<RunningSandbox> {
  const { log } = options;
  const closers = new Closers();
  const stop = () =>
    closers.closeAll((name, error) => log.error({ error }, `${name} did not end as it should`));
  try {
    const sandbox = await startSandboxAlone({ ...options, clock: systemClock, host: HOST });
    closers.add('the sandbox', () => sandbox.stop());
    const server = await createHttpServer({
      // Nobody has a key here, and nothing asks for one.
      authenticator: { authenticate: async () => ({ kind: 'anonymous' }) },
      log,
      clock: systemClock,
      routes: routesOfSandbox(sandbox, {
        clock: systemClock,
        readDeliveryHistory: async () => [],
        openToAll: false,
      }),
    });
    closers.add('the HTTP server', () => server.close());
    return { url: await server.listen({ host: HOST, port }), places: sandbox.places, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
