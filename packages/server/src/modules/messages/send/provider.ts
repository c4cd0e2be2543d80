import type { Outcome, Transport } from '../../channels/index.ts';
import { Circuit } from './circuit.ts';
import { UNLIMITED } from './turns.ts';
import type { Capacity } from './turns.ts';

/** Through whom pages go: how much it can use at a time, and whether it is up. */
export interface Provider extends Capacity {
  readonly circuit: Circuit;
}

/** Nobody is set up, or nobody can be overrun: nothing waits. */
export const ANYONE: Provider = { ...UNLIMITED, circuit: new Circuit() };

/** What becomes of a delivery whose app has nobody to send through: the operator may well be setting it up. */
export function noProvider(transport: Transport): Outcome {
  return {
    state: 'retry',
    reason: `the app has no provider for ${transport}: PUT /apps/{app_id}/channels/${transport}`,
    afterMs: null,
  };
}
