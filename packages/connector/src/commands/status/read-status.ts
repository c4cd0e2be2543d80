import type { Connector } from '../../config/config.ts';
import { whatIsAsked } from '../../home/asked.ts';
import { holderOf } from '../../home/home-lock.ts';
import { depthOfOutbox } from '../../home/look-into-outbox.ts';
import type { OutboxDepth } from '../../home/look-into-outbox.ts';
import type { Look } from '../../home/look.ts';
import { lookIntoRejects } from '../../home/rejects.ts';
import type { RejectedRow } from '../../home/rejects.ts';
import { sealOf } from '../../home/seal.ts';
import { lookIntoState } from '../../home/look-into-state.ts';
import { lookAtBoard } from '../../home/run-board.ts';
import type { RunStatus } from '../../home/run-board.ts';
import { openPool } from '../../sources/postgres/open-pool.ts';
import { slotName } from '../../sources/postgres/slot.ts';
import { retainedLog } from '../../sources/postgres/retained-log.ts';
import type { RetainedLog } from '../../sources/postgres/retained-log.ts';

/** How a connector stands, read from what is on the disk: right also after a crash. */
export interface Status {
  readonly name: string;
  /** A run that ended without saying so was killed. */
  readonly run: 'never' | 'under way' | 'ended' | 'killed';
  /** What the run under way tells, or the last one told. */
  readonly told: RunStatus | null;
  /** What waits to be sent. */
  readonly outbox: OutboxDepth;
  /** How old the oldest thing is that waits, in milliseconds. */
  readonly lagMs: number;
  /** How far the comparison of all users is: `due`, `queueing` what differs, or `done`. */
  readonly pass: Look['step']['at'];
  /** Rows with something that is not accepted, by what they are. */
  readonly rejects: {
    readonly users: number;
    readonly events: number;
    readonly messages: number;
    readonly writeBacks: number;
  };
  /** Requests of `replay` and `forget` that wait for a run. */
  readonly asked: number;
  readonly slot: RetainedLog | { readonly problem: string } | null;
}

export async function readStatus(connector: Connector, now = Date.now()): Promise<Status> {
  const { home, name } = connector;
  const seal = sealOf(connector.homeKeys);
  const state = lookIntoState(home);
  state.close();
  const outbox = depthOfOutbox(home, state.progress.outbox, seal);
  const told = lookAtBoard(home);
  return {
    name,
    run: runOf(home, told),
    told,
    outbox,
    lagMs: outbox.oldestAt === null ? 0 : Math.max(0, now - outbox.oldestAt),
    pass: state.progress.looks['users']?.step.at ?? 'due',
    rejects: countRejects(lookIntoRejects(home, seal)),
    asked: whatIsAsked(home).length,
    slot: await readSlot(connector),
  };
}

function runOf(home: string, told: RunStatus | null): Status['run'] {
  if (told === null) return 'never';
  if (holderOf(home) !== null && told.endedAt === null) return 'under way';
  return told.endedAt === null ? 'killed' : 'ended';
}

function countRejects(rows: readonly RejectedRow[]): Status['rejects'] {
  const keys = {
    user: new Set<string>(),
    event: new Set<string>(),
    message: new Set<string>(),
    'write-back': new Set<string>(),
  };
  for (const { what, key } of rows) keys[what].add(key);
  return {
    users: keys.user.size,
    events: keys.event.size,
    messages: keys.message.size,
    writeBacks: keys['write-back'].size,
  };
}

/** null where the source keeps nothing for us. */
async function readSlot(connector: Connector): Promise<Status['slot']> {
  if (connector.source.kind !== 'postgres') return null;
  const pool = openPool(connector.source.url, 1);
  try {
    return await retainedLog(pool, slotName(connector));
  } catch (error) {
    return { problem: error instanceof Error ? error.message || error.name : String(error) };
  } finally {
    await pool.end();
  }
}
