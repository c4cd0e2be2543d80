import type { Channel } from '@carillon/wire';
import type { Transport } from '../../channels/index.ts';
import { Circuit } from './circuit.ts';
import type { CircuitState } from './circuit.ts';
import { LearnedRate } from './learned-rate.ts';
import type { DomainSlots } from './pace-domains.ts';

/** What of an app goes out by one way: a channel, or one of the push services. */
export interface Outlet {
  readonly appId: string;
  readonly channel: Channel | Transport;
}

/** One of the providers of an outlet. */
export interface OutletProvider {
  readonly name: string;
  /** Names its settings: changed settings begin anew. */
  readonly account: { readonly key: string };
}

/** `provider`: the name of the one whose circuit has changed. */
export type CircuitListener = (outlet: Outlet & { readonly provider: string }, state: CircuitState) => void;

/** What has been learnt of a provider by its answers. */
export interface Learnt {
  readonly circuit: Circuit;
  readonly rate: LearnedRate;
  readonly domains: DomainSlots;
}

interface Known {
  readonly outlet: Outlet;
  /** By the name of the provider. */
  readonly circuits: Map<string, Learnt & { readonly account: string }>;
}

/** Beyond this, outlets whose circuits are all closed are forgotten. */
const MOST = 10_000;

/** The circuits of one process: one for each provider of the apps and channels that have sent something. */
export class Circuits {
  readonly #known = new Map<string, Known>();
  readonly #broken = new Map<string, Known>();
  readonly #listeners: CircuitListener[] = [];

  /** Calls `listener` after every change of a circuit. */
  on(listener: CircuitListener): void {
    this.#listeners.push(listener);
  }

  /** What is known of an outlet's providers, which are all it has now, in their order. */
  of({ appId, channel }: Outlet, providers: readonly OutletProvider[]): Learnt[] {
    const key = keyOf({ appId, channel });
    const known = this.#known.get(key) ?? this.#meet(key, { appId, channel });
    const { circuits } = known;
    const found = providers.map(({ name, account }) => {
      const before = circuits.get(name);
      if (before?.account === account.key) return before;
      const circuit = new Circuit(() => this.#changed(known, name, circuit));
      const learnt = { account: account.key, circuit, rate: new LearnedRate(), domains: new Map() };
      circuits.set(name, learnt);
      return learnt;
    });
    if (circuits.size > providers.length) {
      const names = new Set(providers.map(({ name }) => name));
      for (const name of circuits.keys()) if (!names.has(name)) circuits.delete(name);
    }
    this.#sort(key, known);
    return found;
  }

  /** Whether pages need not ask: one provider at least works, as far as is known. */
  isClosed(outlet: Outlet): boolean {
    return !this.#broken.has(keyOf(outlet));
  }

  /** The outlets none of whose providers works, with the state of the one that may be tried first. */
  broken(): (Outlet & { readonly state: CircuitState })[] {
    return [...this.#broken.values()].map(({ outlet, circuits }) => ({
      ...outlet,
      state: soonest([...circuits.values()].map(({ circuit }) => circuit.state)),
    }));
  }

  #meet(key: string, outlet: Outlet): Known {
    if (this.#known.size >= MOST) this.#forgetClosed();
    const known: Known = { outlet, circuits: new Map() };
    this.#known.set(key, known);
    return known;
  }

  #changed(known: Known, name: string, circuit: Circuit): void {
    const key = keyOf(known.outlet);
    // Of settings that have been changed since: their last pages are still coming back.
    if (this.#known.get(key) !== known || known.circuits.get(name)?.circuit !== circuit) return;
    this.#sort(key, known);
    for (const listener of this.#listeners) listener({ ...known.outlet, provider: name }, circuit.state);
  }

  #sort(key: string, known: Known): void {
    const { circuits } = known;
    for (const { circuit } of circuits.values()) {
      if (circuit.state.kind === 'closed') return void this.#broken.delete(key);
    }
    if (circuits.size === 0) this.#broken.delete(key);
    else this.#broken.set(key, known);
  }

  #forgetClosed(): void {
    for (const [key, { circuits }] of this.#known) {
      const isClosed = [...circuits.values()].every(({ circuit }) => circuit.state.kind === 'closed');
      if (isClosed) this.#known.delete(key);
    }
  }
}

/** The state by which an outlet comes back first: of one that may be tried at a time, or that is being tried. */
function soonest(states: readonly CircuitState[]): CircuitState {
  const closed: CircuitState = { kind: 'closed' };
  return states.reduce((first, state) => {
    if (first.kind !== 'open') return state.kind === 'closed' ? first : state;
    return state.kind === 'open' && state.until < first.until ? state : first;
  }, closed);
}

function keyOf({ appId, channel }: Outlet): string {
  return `${channel} ${appId}`;
}
