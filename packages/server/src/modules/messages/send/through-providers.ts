import type { Clock } from '../../../platform/clock.ts';
import type { AppProvider, Outcome } from '../../channels/index.ts';
import type { Recipient } from '../../identity/index.ts';
import type { Circuit, Held } from './circuit.ts';
import type { Circuits, Learnt, Outlet } from './circuits.ts';
import { NO_ANSWER } from './deliverer.ts';
import { atRate } from './at-rate.ts';
import { WARM_UP } from './fate.ts';
import type { Fate } from './fate.ts';
import { paceDomain } from './pace-domains.ts';
import { shareOut } from './share-out.ts';

export interface ThroughProviders<Content> {
  readonly circuits: Circuits;
  readonly clock: Clock;
  readonly outlet: Outlet;
  /** In ascending order; at least one. */
  readonly providers: readonly AppProvider<Content>[];
  /** 1 for the first hand-over. */
  readonly attempt: (subscriptionId: string) => number;
  readonly isBack: (subscriptionId: string) => boolean;
  /** Places of providers that may not have somebody; all may when absent. */
  readonly closedTo?: (recipient: Recipient) => ReadonlySet<number> | undefined;
  /** Hands these recipients to a provider: an outcome for each, in their order. */
  readonly send: (
    provider: AppProvider<Content>,
    recipients: readonly Recipient[],
  ) => Promise<readonly Outcome[]>;
}

/** What one provider could not take is due again so soon, and up to twice as late, for another one that works. */
const MOVED_MS = 1_000;

/** Hands recipients to those of an app's providers that work, and learns from the answers which do. */
export async function throughProviders<Content>(
  recipients: readonly Recipient[],
  options: ThroughProviders<Content>,
): Promise<Fate[]> {
  const { circuits, clock, outlet, providers, attempt } = options;
  const known = circuits.of(outlet, providers);
  const choices = providers.flatMap(({ order, weight }, index) => {
    const learnt = known[index];
    return learnt === undefined ? [] : [{ order, weight, circuit: learnt.circuit }];
  });
  const asked = recipients.map((recipient) => ({
    subscriptionId: recipient.subscriptionId,
    attempt: attempt(recipient.subscriptionId),
    closed: options.closedTo?.(recipient),
  }));
  const { parts, left } = shareOut(asked, choices, clock.now());
  const fates: Fate[] = recipients.map(() => NO_ANSWER);
  for (const place of left) fates[place] = soonestHold(known, clock.now());
  await Promise.all(
    parts.map(async ({ provider: index, places, admission }) => {
      const [provider, learnt] = [providers[index], known[index]];
      if (provider === undefined || learnt === undefined) return;
      const others = known.filter((other) => other !== learnt);
      try {
        const some = places.flatMap((place) => recipients[place] ?? []);
        const found = await handPart(some, { provider, learnt, others }, options);
        for (const [at, place] of places.entries()) fates[place] = found[at] ?? NO_ANSWER;
      } finally {
        admission.end();
      }
    }),
  );
  return fates;
}

/** One of the providers, what is known of it, and what is known of the others. */
interface Chosen<Content> {
  readonly provider: AppProvider<Content>;
  readonly learnt: Learnt;
  readonly others: readonly Learnt[];
}

/** Without those who wait for their turn at their domain. */
async function handPart<Content>(
  recipients: readonly Recipient[],
  chosen: Chosen<Content>,
  options: ThroughProviders<Content>,
): Promise<Fate[]> {
  const { domains: slots } = chosen.learnt;
  const now = options.clock.now();
  const waiting = recipients.map((recipient) =>
    paceDomain(chosen.provider, recipient, { slots, isBack: options.isBack(recipient.subscriptionId), now }),
  );
  const free = recipients.filter((_, index) => waiting[index] === null);
  const fates = await handFree(free, chosen, options);
  let next = 0;
  return waiting.map((held) => held ?? fates[next++] ?? NO_ANSWER);
}

async function handFree<Content>(
  recipients: readonly Recipient[],
  { provider, learnt: { circuit, rate }, others }: Chosen<Content>,
  { clock, providers, attempt, send }: ThroughProviders<Content>,
): Promise<Fate[]> {
  const { count, later } = await ofToday(provider, recipients.length, circuit, clock);
  const today = recipients.slice(0, count);
  const { answers, held } = await atRate(today, rate, clock, (some) => send(provider, some));
  const judged = circuit.judge(answers, clock.now());
  const now = clock.now();
  const isElsewhere = others.some(({ circuit: { state } }) => state.kind === 'closed');
  const orElsewhere = (fate: Outcome | Held, index: number) => {
    const tried = attempt(recipients[index]?.subscriptionId ?? '');
    return isElsewhere && tried < providers.length ? moved(fate, now) : fate;
  };
  return [
    ...judged.map(orElsewhere),
    // It works, only not so fast: at their time they are its own again.
    ...held,
    ...later.map((fate, index) => orElsewhere(fate, count + index)),
  ];
}

/** How many of `wanted` a provider may have today. The others come when its next day begins: it rests until then. */
async function ofToday<Content>(
  { quota }: AppProvider<Content>,
  wanted: number,
  circuit: Circuit,
  clock: Clock,
): Promise<{ readonly count: number; readonly later: readonly Held[] }> {
  if (quota === null) return { count: wanted, later: [] };
  const { count, most, nextAt } = await quota.take(wanted);
  if (count >= wanted) return { count, later: [] };
  const reason = `${WARM_UP}${most === null ? 'the plan has just been changed' : `the provider has had its ${most} of today`}`;
  circuit.rest(clock.now(), nextAt, reason);
  const later = Array.from({ length: wanted - count }, () => circuit.hold(clock.now()));
  return { count, later };
}

/** What one of them could not take, with another one that works and has not been tried. */
function moved(outcome: Outcome | Held, now: number): Fate {
  const { state } = outcome;
  if (state !== 'held' && state !== 'retry') return outcome;
  const until = Math.round(now + MOVED_MS * (1 + Math.random()));
  return { state: state === 'held' ? 'held' : 'moved', reason: outcome.reason, until };
}

/** All are down: until the first of them may be tried. */
function soonestHold(known: readonly Learnt[], now: number): Held {
  const holds = known.map(({ circuit }) => circuit.hold(now));
  return holds.reduce((first, hold) => (hold.until < first.until ? hold : first));
}
