import type { Past } from './past.ts';
import type { RealSend } from './past-store.ts';
import type { SimulatedUser } from './simulate-user.ts';

/** Counts by name. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string, times = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + times);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** In the order of the names. */
  toRecord(): Record<string, number> {
    return Object.fromEntries([...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  get names(): readonly string[] {
    return [...this.#counts.keys()];
  }
}

/** What a simulation adds up to, user by user; by the keys of nodes and branches. */
export class Tally {
  users = 0;
  entered = 0;
  heldOut = 0;
  completed = 0;
  inside = 0;
  goals = 0;
  goalsHeldOut = 0;
  readonly notEntered = new Counts();
  readonly exitedEarly = new Counts();
  /** By `node step`. */
  readonly steps = new Counts();
  readonly taken = new Counts();
  readonly waiting = new Counts();
  readonly sends = new Counts();
  readonly realSends = new Counts();
  readonly bothSend = new Counts();
  readonly sendsOfDay = new Counts();
  readonly realSendsOfDay = new Counts();
  realRuns = 0;
  bothRan = 0;

  add({ runs, refusals }: SimulatedUser, { realRuns }: Past, realSends: readonly RealSend[]): void {
    this.users += 1;
    this.realRuns += realRuns.length;
    const sent = new Set<string>();
    for (const run of runs) {
      this.entered += 1;
      if (run.node !== null) {
        this.inside += 1;
        this.waiting.add(String(run.node));
      }
      if (realRuns.some(({ runId }) => runId === run.id)) this.bothRan += 1;
      for (const { node, step, branch, reason } of run.steps) {
        this.steps.add(`${node} ${step}`);
        if (branch !== null) this.taken.add(String(branch));
        if (step === 'held out') this.heldOut += 1;
        if (step === 'completed') this.completed += 1;
        if (step === 'exited early') this.exitedEarly.add(reason ?? '');
        if (step === 'goal') this.goals += 1;
        if (step === 'goal held out') this.goalsHeldOut += 1;
      }
      for (const { node, at } of run.sends) {
        this.sends.add(String(node));
        this.sendsOfDay.add(dayOf(at));
        sent.add(`${run.id} ${node}`);
      }
    }
    for (const { reason, times } of refusals) this.notEntered.add(reason, times);
    for (const { runId, node, at } of realSends) {
      this.realSends.add(String(node));
      this.realSendsOfDay.add(dayOf(at));
      if (sent.has(`${runId} ${node}`)) this.bothSend.add(String(node));
    }
  }
}

/** In UTC. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
