import type { Database } from '@carillon/server';
import type { WatchedDatabase } from './world.ts';

/** Watches the statements of lane work: what is read, and when what it leads to is committed. */
export class Watch {
  /** Milliseconds from an event's acceptance to the commit of its effect. */
  readonly lags: number[] = [];
  /** Milliseconds from a run's due time to the commit of its step. */
  readonly latenesses: number[] = [];
  statements = 0;
  events = 0;
  steps = 0;

  clear(): void {
    this.lags.length = 0;
    this.latenesses.length = 0;
    this.statements = 0;
    this.events = 0;
    this.steps = 0;
  }

  over(database: Database): WatchedDatabase {
    // What each group of lanes has read and not yet written: a group has one batch at a time.
    const inbox = new Map<number, number[]>();
    const runs = new Map<number, number[]>();
    return {
      run: (statement, values) => database.run(statement, values),
      transaction: (work) => database.transaction(work),
      rows: async <Row extends object>(
        statement: { name: string; text: string },
        values: readonly unknown[] = [],
      ) => {
        this.statements += 1;
        const rows = await database.rows<Row>(statement, values);
        switch (statement.name) {
          case 'lanes.read-inbox':
            inbox.set(
              groupOf(values[0]),
              (rows as unknown as { at: Date }[]).map(({ at }) => at.getTime()),
            );
            break;
          case 'journeys.due':
            runs.set(
              groupOf(values[1]),
              (rows as unknown as { wakeAt: Date }[]).map(({ wakeAt }) => wakeAt.getTime()),
            );
            break;
          case 'journeys.move':
            this.events += settle(inbox.get(groupOf(values[0])), this.lags);
            this.steps += settle(runs.get(groupOf(values[0])), this.latenesses);
            break;
          default:
        }
        return rows;
      },
    };
  }
}

/** Two groups share the lanes: even and odd ones. */
function groupOf(lanes: unknown): number {
  return ((lanes as number[])[0] ?? 0) % 2;
}

function settle(since: readonly number[] = [], into: number[]): number {
  const now = Date.now();
  for (const at of since) into.push(now - at);
  return since.length;
}
