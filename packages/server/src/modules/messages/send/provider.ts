import type { AppProvider, Outcome, Transport } from '../../channels/index.ts';
import type { Circuits, Outlet } from './circuits.ts';
import { OPEN_GATE, gateOf } from './gate.ts';
import type { Gate } from './gate.ts';
import { UNLIMITED } from './turns.ts';
import type { Capacity } from './turns.ts';

/** Through whom pages go: how much they can use at a time, and whether any is up. */
export interface Provider extends Capacity {
  readonly gate: Gate;
}

/** Nobody is set up, or nobody can be overrun: nothing waits. */
export const ANYONE: Provider = { ...UNLIMITED, gate: OPEN_GATE };

/** What pages of an outlet go through: all of its providers, which have room for what each of them can use. */
export function providerOf<Content>(
  providers: readonly AppProvider<Content>[],
  outlet: Outlet,
  circuits: Circuits,
): Provider {
  if (providers.length === 0) return ANYONE;
  const gate = gateOf(circuits.of(outlet, providers));
  const recipients = providers.reduce((sum, { channel, account }) => sum + channel.capacity(account), 0);
  return { account: providers.map(({ account }) => account.key).join(' '), recipients, gate };
}

/** What becomes of a delivery whose app has nobody to send through: the operator may well be setting it up. */
export function noProvider(transport: Transport): Outcome {
  return {
    state: 'retry',
    reason: `the app has no provider for ${transport}: PUT /apps/{app_id}/channels/${transport}`,
    afterMs: null,
  };
}
