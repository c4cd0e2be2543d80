import type { CustomEventProperties } from '@carillon/wire';
import type { Definition, JourneyNode } from '../definition/definition.ts';

/** An event that a run keeps, for what it writes to its user. */
export interface KeptEvent {
  readonly id: string;
  readonly name: string;
  readonly properties: CustomEventProperties;
  /** ISO 8601. */
  readonly timestamp: string;
}

export interface RunContext {
  /** In the order of storing; the first is the one that let the user in. */
  readonly events: readonly KeptEvent[];
}

/** Where a run stands while it waits. */
export interface RunState {
  /** Key of the node it waits at. */
  readonly node: number;
  /** Lines of its trace so far. */
  readonly rev: number;
  /** Milliseconds since the epoch. */
  readonly wakeAt: number;
}

/** What moves a run. */
export type Input =
  /** A user comes in: there is no run yet. */
  | { readonly kind: 'enter' }
  /** The time that the run waited for has come. */
  | { readonly kind: 'timer'; readonly run: RunState };

export type StepName =
  /** The user came in. */
  | 'entered'
  /** A wait is over. */
  | 'waited'
  /** A message was made for the user. */
  | 'sent'
  /** The user could not be reached, or the template is gone: the way goes on. */
  | 'skipped'
  /** The end of the way. */
  | 'completed'
  /** The journey was archived or deleted, or the node is gone. */
  | 'stopped';

export interface TraceLine {
  readonly rev: number;
  /** Key of the node, 0 for lines that belong to none. */
  readonly node: number;
  readonly step: StepName;
}

/** Something to be done for the user. Its line in the trace is `sent` until it is known to be in vain. */
export interface Effect {
  readonly kind: 'send_email';
  readonly templateId: string;
  /** The line that tells of it. */
  readonly rev: number;
}

export interface Step {
  /** Where the run stands now; null when it has ended. */
  readonly next: RunState | null;
  readonly trace: readonly TraceLine[];
  readonly effects: readonly Effect[];
}

/**
 * Moves a run: from `input` over every node that takes no time, up to the next wait or the end. Pure:
 * the same arguments give the same step, so a step whose commit failed can be computed again.
 * `definition` is null when the journey is not active any more. `now` is in milliseconds.
 */
export function step(definition: Definition | null, input: Input, now: number): Step {
  const trace: TraceLine[] = [];
  const effects: Effect[] = [];
  let rev = input.kind === 'timer' ? input.run.rev : 0;
  const tell = (node: number, name: StepName) => {
    rev += 1;
    trace.push({ rev, node, step: name });
  };
  const end = (name: StepName): Step => {
    tell(0, name);
    return { next: null, trace, effects };
  };

  if (definition === null) return end('stopped');
  let from = 0;
  switch (input.kind) {
    case 'enter':
      tell(0, 'entered');
      break;
    case 'timer': {
      const place = definition.nodes.findIndex((node) => node.key === input.run.node);
      if (place < 0) return end('stopped');
      tell(input.run.node, 'waited');
      from = place + 1;
    }
  }
  for (const node of definition.nodes.slice(from)) {
    if (node.kind === 'wait')
      return { next: { node: node.key, rev, wakeAt: wakeTime(node, now) }, trace, effects };
    if (node.kind !== 'send_email') return end('stopped');
    tell(node.key, 'sent');
    effects.push(effectOf(node, rev));
  }
  return end('completed');
}

function wakeTime(node: JourneyNode & { kind: 'wait' }, now: number): number {
  return now + node.durationSeconds * 1_000;
}

function effectOf({ templateId }: { readonly templateId: string }, rev: number): Effect {
  return { kind: 'send_email', templateId, rev };
}
