import type { Channel } from '@carillon/wire';
import type { Transport } from '../../channels/index.ts';
import { Circuit } from './circuit.ts';
import type { CircuitState } from './circuit.ts';

/** What of an app goes through one provider: a channel, or one of the push services. */
export interface Outlet {
  readonly appId: string;
  readonly channel: Channel | Transport;
}

export type CircuitListener = (outlet: Outlet, state: CircuitState) => void;

interface Known extends Outlet {
  /** The provider account by which the circuit was learnt: changed settings begin anew. */
  readonly account: string;
  readonly circuit: Circuit;
}

/** Beyond this, circuits that are closed are forgotten. */
const MOST = 10_000;

/** The circuits of one process, one for each app and channel that has sent something. */
export class Circuits {
  readonly #known = new Map<string, Known>();
  readonly #broken = new Map<string, Known>();
  readonly #listeners: CircuitListener[] = [];

  /** Calls `listener` after every change of a circuit. */
  on(listener: CircuitListener): void {
    this.#listeners.push(listener);
  }

  /** The circuit of an app's provider account. */
  of({ appId, channel }: Outlet, account: string): Circuit {
    const key = keyOf({ appId, channel });
    const known = this.#known.get(key);
    if (known?.account === account) return known.circuit;
    if (this.#known.size >= MOST) this.#forgetClosed();
    const circuit = new Circuit(() => this.#changed(fresh));
    const fresh: Known = { appId, channel, account, circuit };
    this.#known.set(key, fresh);
    this.#broken.delete(key);
    return circuit;
  }

  /** Whether pages need not ask. */
  isClosed(outlet: Outlet): boolean {
    return !this.#broken.has(keyOf(outlet));
  }

  /** Whose circuits are not closed. */
  broken(): (Outlet & { readonly state: CircuitState })[] {
    return [...this.#broken.values()].map(({ appId, channel, circuit: { state } }) => ({
      appId,
      channel,
      state,
    }));
  }

  #changed(changed: Known): void {
    const { appId, channel, circuit } = changed;
    const key = keyOf(changed);
    // Of settings that have been changed since: their last pages are still coming back.
    if (this.#known.get(key) !== changed) return;
    if (circuit.state.kind === 'closed') this.#broken.delete(key);
    else this.#broken.set(key, changed);
    for (const listener of this.#listeners) listener({ appId, channel }, circuit.state);
  }

  #forgetClosed(): void {
    for (const [key, { circuit }] of this.#known) {
      if (circuit.state.kind === 'closed') this.#known.delete(key);
    }
  }
}

function keyOf({ appId, channel }: Outlet): string {
  return `${channel} ${appId}`;
}
