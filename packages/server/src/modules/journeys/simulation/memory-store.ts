import type { BatchRows, RunRow, SendRow } from '../run/batch-rows.ts';
import type { StoredEntry } from '../run/entry-store.ts';
import type { StoredRun } from '../run/run-store.ts';
import type { KeptEvent, StepName } from '../run/run.ts';

/** A line of a trace, with its time in milliseconds. */
export interface SimulatedStep {
  readonly at: number;
  /** Key of the node, 0 for lines that belong to none. */
  readonly node: number;
  readonly step: StepName;
  readonly branch: number | null;
  readonly reason: string | null;
}

/** A message that would have been made. */
export interface SimulatedSend extends SendRow {
  readonly at: number;
  readonly node: number;
  /** What the message could tell of. */
  readonly events: readonly KeptEvent[];
}

/** A run from its beginning to its end, or to the end of the time that is simulated. */
export interface SimulatedRun {
  readonly id: string;
  readonly runKey: string | null;
  readonly enteredAt: number;
  readonly steps: SimulatedStep[];
  readonly sends: SimulatedSend[];
  /** Key of the node where it stands; null when its way is over. */
  node: number | null;
  /** Until when it waits there; null for whatever comes. */
  wakeAt: number | null;
}

export interface SimulatedRefusal {
  readonly at: number;
  readonly reason: string;
  readonly times: number;
}

/** What the database keeps of one user's way through one journey, in memory: batches are read from it and written to it. */
export class MemoryStore {
  readonly #runs = new Map<string, StoredRun>();
  #entry: StoredEntry | null = null;
  /** All that ever began, in this order. */
  readonly runs = new Map<string, SimulatedRun>();
  readonly refusals: SimulatedRefusal[] = [];

  storedRuns(): readonly StoredRun[] {
    return [...this.#runs.values()];
  }

  storedEntries(): readonly StoredEntry[] {
    return this.#entry === null ? [] : [this.#entry];
  }

  /** When the next run or the entry is due; Infinity for never. */
  nextDue(): number {
    let next = this.#entry?.wakeAt?.getTime() ?? Infinity;
    for (const { wakeAt } of this.#runs.values()) next = Math.min(next, wakeAt?.getTime() ?? Infinity);
    return next;
  }

  /** Writes what a batch has worked at one moment. */
  write({ runs, entries, refusals }: BatchRows, at: number): void {
    for (const row of runs) this.#writeRun(row, at);
    for (const row of entries) {
      this.#entry = {
        lane: row.lane,
        userId: row.user_id,
        journeyId: row.journey_id,
        appId: row.app_id,
        inside: row.inside,
        barred: row.barred,
        againAt: dateOf(row.again_at),
        wakeAt: dateOf(row.wake_at),
      };
    }
    for (const { reason, times } of refusals) this.refusals.push({ at, reason, times });
  }

  #writeRun(row: RunRow, at: number): void {
    const stored = this.#runs.get(row.id);
    const run = this.runs.get(row.id) ?? this.#begin(row, at);
    const context = row.context ?? stored?.context ?? { events: [] };
    const firstSend = run.sends.length;
    for (const [index, step] of row.steps.entries()) {
      const node = row.nodes[index] ?? 0;
      const [branch = null, reason = null] = [row.branches[index], row.reasons[index]];
      run.steps.push({ at, node, step, branch, reason });
      const sent = row.sends?.[run.sends.length - firstSend];
      if (step === 'sent' && sent !== undefined) {
        run.sends.push({ ...sent, at, node, events: row.events ?? context.events });
      }
    }
    run.node = row.node === 0 ? null : row.node;
    run.wakeAt = run.node === null ? null : (dateOf(row.wake_at)?.getTime() ?? null);
    if (row.node === null) this.#runs.delete(row.id);
    else this.#runs.set(row.id, storedRunOf(row, context, stored));
  }

  #begin({ id, begins }: RunRow, at: number): SimulatedRun {
    const runKey = begins?.run_key ?? null;
    const run = { id, runKey, enteredAt: at, steps: [], sends: [], node: null, wakeAt: null };
    this.runs.set(id, run);
    return run;
  }
}

function storedRunOf(row: RunRow, context: StoredRun['context'], stored: StoredRun | undefined): StoredRun {
  const place = {
    node: row.node ?? 0,
    rev: row.rev,
    wakeAt: dateOf(row.wake_at),
    parked: row.parked,
    context,
  };
  if (stored !== undefined) return { ...stored, ...place };
  const { begins } = row;
  if (begins === undefined) throw new Error(`run ${row.id} moves before it has begun`);
  return {
    lane: row.lane,
    id: row.id,
    appId: begins.app_id,
    journeyId: begins.journey_id,
    userId: begins.user_id,
    runKey: begins.run_key,
    version: begins.version,
    startedAt: new Date(begins.started_at),
    ...place,
  };
}

function dateOf(at: string | null): Date | null {
  return at === null ? null : new Date(at);
}
