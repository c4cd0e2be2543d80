import type { Database, Queryable } from '@carillon/server';

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

  over(database: Database): Queryable {
    const readers = { inbox: new Map<number, number>(), runs: new Map<string, number>() };
    return {
      run: (statement, values) => database.run(statement, values),
      rows: async <Row extends object>(
        statement: { name: string; text: string },
        values: readonly unknown[] = [],
      ) => {
        this.statements += 1;
        const rows = await database.rows<Row>(statement, values);
        switch (statement.name) {
          case 'lanes.read-inbox':
            for (const row of rows as unknown as { id: number; at: Date }[])
              readers.inbox.set(row.id, row.at.getTime());
            break;
          case 'journeys.due':
            for (const row of rows as unknown as { id: string; wakeAt: Date }[])
              readers.runs.set(row.id, row.wakeAt.getTime());
            break;
          case 'journeys.enter':
            for (const id of values[4] as number[]) this.events += settle(readers.inbox, id, this.lags);
            break;
          case 'journeys.fire':
            for (const { id } of JSON.parse(values[2] as string) as { id: string }[])
              this.steps += settle(readers.runs, id, this.latenesses);
            break;
          default:
        }
        return rows;
      },
    };
  }
}

function settle<Key>(since: Map<Key, number>, key: Key, into: number[]): number {
  const at = since.get(key);
  since.delete(key);
  if (at !== undefined) into.push(Date.now() - at);
  return 1;
}
