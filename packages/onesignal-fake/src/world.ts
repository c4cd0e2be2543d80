import type { App } from './app/app.ts';
import type { Leanings } from './call.ts';
import type { Faults } from './faults/faults.ts';
import type { Limits } from './limits/limits.ts';
import type { Violations } from './limits/violations.ts';

/** Everything of a running fake that requests and the control routes share. */
export interface World {
  readonly appId: string;
  readonly apiKey: string;
  readonly url: () => string;
  readonly now: () => number;
  readonly leanings: Leanings;
  app: App;
  limits: Limits;
  readonly faults: Faults;
  readonly violations: Violations;
  /** Requests of the API, by method and route. */
  readonly requests: Map<string, number>;
  reset(): void;
}
