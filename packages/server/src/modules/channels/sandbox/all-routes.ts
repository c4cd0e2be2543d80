import type { Clock } from '../../../platform/clock.ts';
import type { Routes } from '../../../platform/http/route.ts';
import type { ReadDeliveryHistory } from '../delivery-event.ts';
import { sandboxActionRoutes } from './inbox/action-routes.ts';
import { sandboxPageRoutes } from './inbox/page-routes.ts';
import { sandboxPlacesRoutes } from './inbox/places-routes.ts';
import { sandboxRoutes } from './inbox/routes.ts';
import type { Sandbox } from './sandbox.ts';

export interface SandboxHttpOptions {
  readonly clock: Clock;
  readonly readDeliveryHistory: ReadDeliveryHistory;
  /** True: everyone who reaches the server may read every message. */
  readonly openToAll: boolean;
}

/** The API and the page of a sandbox. */
export function routesOfSandbox(
  { box, bell, actions, places }: Sandbox,
  options: SandboxHttpOptions,
): Routes[] {
  return [
    sandboxRoutes({ ...options, box, bell, actions }),
    sandboxActionRoutes({ ...options, box, actions }),
    sandboxPlacesRoutes(places, options),
    sandboxPageRoutes(options),
  ];
}
