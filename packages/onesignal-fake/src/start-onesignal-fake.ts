import { setInterval } from 'node:timers';
import { App } from './app/app.ts';
import { answer } from './answer.ts';
import { control } from './control.ts';
import { Faults } from './faults/faults.ts';
import type { FaultSettings } from './faults/faults.ts';
import { serve } from './http-server.ts';
import { Limits } from './limits/limits.ts';
import type { Rates } from './limits/limits.ts';
import { Violations } from './limits/violations.ts';
import type { Leanings } from './call.ts';
import type { Plan } from './plans.ts';
import type { World } from './world.ts';

export interface FakeOptions {
  /** A free one when absent. */
  readonly port?: number;
  readonly appId?: string;
  readonly apiKey?: string;
  /** Limits of tags and messages follow the plan; professional when absent. */
  readonly plan?: Plan;
  /** Other rates than the plan's. */
  readonly rates?: Partial<Rates>;
  /** How to read what the documents leave open. */
  readonly leanings?: Partial<Leanings>;
  readonly faults?: Partial<FaultSettings>;
  readonly templates?: readonly { id?: string; name: string; channel?: 'push' | 'email' | 'sms' }[];
  /** Milliseconds since the epoch; tests move it. */
  readonly now?: () => number;
}

export interface OneSignalFake {
  readonly url: string;
  readonly appId: string;
  readonly apiKey: string;
  /** What the app knows, to look at. Another one after `reset`. */
  readonly app: App;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly violations: Violations;
  readonly requests: ReadonlyMap<string, number>;
  /** Forgets users, messages, counts and faults. */
  reset(): void;
  stop(): Promise<void>;
}

export const DEFAULT_APP_ID = '00000000-0000-4000-8000-0000000000a1';
export const DEFAULT_API_KEY = 'os_v2_app_fake';

/**
 * Starts a server that speaks OneSignal's public API and enforces its published limits. On loopback.
 *
 * @example
 * const fake = await startOneSignalFake({ plan: 'growth' });
 * // … point a program at fake.url, fake.appId and fake.apiKey …
 * console.log(fake.app.people.size, fake.violations.list());
 * await fake.stop();
 */
export async function startOneSignalFake(options: FakeOptions = {}): Promise<OneSignalFake> {
  const { plan = 'professional', rates = {}, templates = [], now = Date.now } = options;
  let port = 0;
  const fresh = () => {
    const app = new App(now());
    for (const template of templates) app.addTemplate(template, now());
    return app;
  };
  const world: World = {
    appId: options.appId ?? DEFAULT_APP_ID,
    apiKey: options.apiKey ?? DEFAULT_API_KEY,
    url: () => `http://127.0.0.1:${port}`,
    now,
    leanings: {
      createSetsProperties: false,
      createChangesSubscriptions: false,
      createListsSubscriptions: true,
      ...options.leanings,
    },
    app: fresh(),
    limits: new Limits(plan, rates, now()),
    faults: new Faults(),
    violations: new Violations(),
    requests: new Map(),
    reset() {
      world.app = fresh();
      world.limits = new Limits(plan, rates, now());
      world.faults.clear();
      world.violations.clear();
      world.requests.clear();
    },
  };
  world.faults.set(options.faults ?? {});
  const flapping = flap(world);
  const server = await serve(
    options.port ?? 0,
    (arrival) => control(world, arrival) ?? answer(world, arrival),
  );
  port = server.port;
  return {
    url: world.url(),
    appId: world.appId,
    apiKey: world.apiKey,
    faults: world.faults,
    violations: world.violations,
    requests: world.requests,
    get app() {
      return world.app;
    },
    get limits() {
      return world.limits;
    },
    reset: () => world.reset(),
    async stop() {
      clearInterval(flapping);
      await server.close();
    },
  };
}

/** Moves the cap of writes about, while the settings say so. */
function flap(world: World): NodeJS.Timeout {
  let since = 0;
  const timer = setInterval(() => {
    const { flapping } = world.faults.settings;
    const now = world.now();
    if (flapping === null || now - since < flapping.everyMs) return;
    since = now;
    world.limits.change('users', world.faults.between(flapping.least, flapping.most), now);
  }, 20);
  return timer.unref();
}
