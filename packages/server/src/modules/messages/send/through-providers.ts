import type { Clock } from '../../../platform/clock.ts';
import type { AppProvider, Outcome } from '../../channels/index.ts';
import type { Recipient } from '../../identity/index.ts';
import type { Circuit, Held } from './circuit.ts';
import type { Circuits, Outlet } from './circuits.ts';
import { NO_ANSWER } from './deliverer.ts';
import { atRate } from './at-rate.ts';
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
  { circuits, clock, outlet, providers, attempt, isBack, send }: ThroughProviders<Content>,
): Promise<Fate[]> {
  const learnt = circuits.of(outlet, providers);
  const opened = learnt.map(({ circuit }) => circuit);
  const choices = opened.map((circuit, index) => ({
    order: providers[index]?.order ?? 1,
    weight: providers[index]?.weight ?? 1,
    circuit,
  }));
  const shared = recipients.map(({ subscriptionId }) => ({
    subscriptionId,
    attempt: attempt(subscriptionId),
  }));
  const { parts, left } = shareOut(shared, choices, clock.now());
  const outcomes: Fate[] = recipients.map(() => NO_ANSWER);
  for (const place of left) outcomes[place] = soonestHold(opened, clock.now());
  await Promise.all(
    parts.map(async ({ provider: index, places: all, admission }) => {
      const [provider, known] = [providers[index], learnt[index]];
      if (provider === undefined || known === undefined) return;
      const places = all.filter((place) => {
        const recipient = recipients[place];
        if (recipient === undefined) return false;
        const turn = { slots: known.domains, isBack: isBack(recipient.subscriptionId), now: clock.now() };
        const held = paceDomain(provider, recipient, turn);
        if (held !== null) outcomes[place] = held;
        return held === null;
      });
      try {
        const asked = places.flatMap((place) => recipients[place] ?? []);
        const { count, later } = await ofToday(provider, asked.length, known.circuit, clock);
        const today = asked.slice(0, count);
        const { answers, held } = await atRate(today, known.rate, clock, (some) => send(provider, some));
        const judged = [...known.circuit.judge(answers, clock.now()), ...held, ...later];
        const isElsewhere = opened.some(({ state }, other) => other !== index && state.kind === 'closed');
        for (const [at, place] of places.entries()) {
          const outcome = judged[at] ?? NO_ANSWER;
          const tried = shared[place]?.attempt ?? 1;
          outcomes[place] = isElsewhere && tried < providers.length ? moved(outcome, clock.now()) : outcome;
        }
      } finally {
        admission.end();
      }
    }),
  );
  return outcomes;
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
  const reason = `warm-up: the provider has had its ${most} of today`;
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
function soonestHold(circuits: readonly Circuit[], now: number): Held {
  const holds = circuits.map((circuit) => circuit.hold(now));
  return holds.reduce((first, hold) => (hold.until < first.until ? hold : first));
}
