import { PRIORITIES } from '../chunk.ts';
import type { DueChunk, Share } from '../claim-store.ts';
import type { CircuitState } from './circuit.ts';
import type { Outlet } from './circuits.ts';

export interface WaitingForProvider {
  /** Of these nothing is to be claimed. */
  readonly resting: readonly Share[];
  /** Of each of these one chunk is to try the provider. */
  readonly trying: readonly Outlet[];
  /** When the next of those that rest may try, in milliseconds; Infinity when none rests until a time. */
  readonly nextTryAt: number;
}

/** Who waits for a provider that is down, and who may try it now. */
export function waitingForProvider(
  broken: readonly (Outlet & { readonly state: CircuitState })[],
  now: number,
): WaitingForProvider {
  const trying = broken.filter(({ state }) => state.kind === 'open' && state.until <= now);
  const resting = broken.filter((outlet) => !trying.includes(outlet));
  const times = resting.map(({ state }) => (state.kind === 'open' ? state.until : Infinity));
  return { resting: resting.flatMap(sharesOf), trying, nextTryAt: Math.min(Infinity, ...times) };
}

/** Without all but the first chunk of each outlet that tries its provider: small sends stand first. */
export function oneOfEach(due: readonly DueChunk[], trying: readonly Outlet[]): readonly DueChunk[] {
  if (trying.length === 0) return due;
  const left = new Set(trying.map(nameOf));
  const all = new Set(left);
  return due.filter((chunk) => !all.has(nameOf(chunk)) || left.delete(nameOf(chunk)));
}

/** A push service that is down holds its own recipients back: the chunks of push are for others as well. */
function sharesOf({ appId, channel }: Outlet): Share[] {
  if (channel !== 'email' && channel !== 'sms') return [];
  return PRIORITIES.map((priority) => ({ priority, appId, channel }));
}

function nameOf({ appId, channel }: Outlet): string {
  return `${channel} ${appId}`;
}
