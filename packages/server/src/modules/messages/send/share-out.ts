import { PROBE } from './circuit.ts';
import type { Admission, Circuit } from './circuit.ts';

/** A provider as far as it matters for who gets what. */
export interface Choice {
  /** Those of the lowest order that work are asked first. */
  readonly order: number;
  /** Its part among those of its order. */
  readonly weight: number;
  readonly circuit: Circuit;
}

/** A recipient as far as it matters for who gets them. */
export interface Shared {
  readonly subscriptionId: string;
  /** 1 for the first hand-over. */
  readonly attempt: number;
  /** Places of providers that may not have them. */
  readonly closed?: ReadonlySet<number> | undefined;
}

/** Recipients of one provider, by their places on the page. */
export interface Part {
  /** The place of the provider. */
  readonly provider: number;
  readonly places: readonly number[];
  readonly admission: Admission;
}

export interface SharedOut {
  readonly parts: readonly Part[];
  /** Nobody takes these now. */
  readonly left: readonly number[];
}

/**
 * Who of a page goes through whom: through those of the lowest order that work, by their weights. A person stays with
 * one provider, and gets texts from one number, as long as it works; each further attempt goes to the next one. A few
 * try a provider whose pause is over, where it comes before those that work. `providers` are in ascending order.
 */
export function shareOut(
  recipients: readonly Shared[],
  providers: readonly Choice[],
  now: number,
): SharedOut {
  const parts: Part[] = [];
  const working = providers.flatMap(({ circuit }, provider) =>
    circuit.state.kind === 'closed' ? [provider] : [],
  );
  const first = providers[working[0] ?? -1]?.order ?? Infinity;
  let left: readonly number[] = recipients.map((_, place) => place);
  for (const [provider, { circuit, order }] of providers.entries()) {
    if (left.length === 0 || order > first) break;
    if (circuit.state.kind === 'closed') continue;
    const admission = circuit.admit(now);
    if (admission === null) continue;
    const tries = left.filter((place) => recipients[place]?.closed?.has(provider) !== true).slice(0, PROBE);
    parts.push({ provider, places: tries, admission });
    left = left.filter((place) => !tries.includes(place));
  }
  if (working.length === 0) return { parts, left };
  const equals = working.filter((provider) => providers[provider]?.order === first);
  const places = new Map<number, number[]>();
  const waiting: number[] = [];
  for (const place of left) {
    const { subscriptionId = '', attempt = 1, closed } = recipients[place] ?? {};
    const open = closed === undefined ? working : working.filter((one) => !closed.has(one));
    const order = providers[open[0] ?? -1]?.order;
    if (order === undefined) {
      waiting.push(place);
      continue;
    }
    const ofOrder =
      closed === undefined ? equals : open.filter((provider) => providers[provider]?.order === order);
    const own = open.indexOf(choose(ofOrder, providers, subscriptionId));
    const provider = open[(own + attempt - 1) % open.length] ?? 0;
    const part = places.get(provider);
    if (part === undefined) places.set(provider, [place]);
    else part.push(place);
  }
  for (const [provider, part] of places) {
    const admission = providers[provider]?.circuit.admit(now);
    if (admission) parts.push({ provider, places: part, admission });
  }
  return { parts, left: waiting };
}

/** Always the same among the same, by the random end of the id. */
function choose(equals: readonly number[], providers: readonly Choice[], subscriptionId: string): number {
  const weights = equals.map((provider) => providers[provider]?.weight ?? 1);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let point = (Number.parseInt(subscriptionId.slice(-8), 16) / 2 ** 32) * sum;
  for (const [index, weight] of weights.entries()) {
    if (point < weight) return equals[index] ?? 0;
    point -= weight;
  }
  return equals[0] ?? 0;
}
