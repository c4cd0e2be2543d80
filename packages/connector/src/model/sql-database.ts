import type { Model } from '../config/fields.ts';

/** A row of the table of message events. */
export interface EventRow {
  /** The event's id: a row of this id is written once. */
  readonly id: string;
  readonly kind: string;
  readonly channel: string;
  /** ISO 8601. */
  readonly at: string;
  readonly external_id: string | null;
  readonly subscription_id: string | null;
  readonly message_id: string | null;
  readonly template_id: string | null;
  readonly address: string | null;
  readonly reason: string | null;
  readonly url: string | null;
  /** What the target calls the message, where it tells. Left out of tables without the column. */
  readonly campaign: Readonly<Record<string, unknown>> | null;
  /** The event as it came. Left out of tables without the column. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Work that is committed as a whole, or not at all. */
export interface SqlTransaction {
  /** Writes events in their order, once each. Gives the ids of those that were not there before. */
  insertEvents(table: string, events: readonly EventRow[]): Promise<ReadonlySet<string>>;
  /** Runs a statement with values as `sql` made it. Gives how many rows it wrote. */
  run(statement: Model<object>): Promise<number>;
}

/** A SQL database that message events and facts learned from them are written into. */
export interface SqlDatabase {
  /** The statement that makes the table of message events. */
  eventTable(table: string): string;
  transaction<Result>(work: (transaction: SqlTransaction) => Promise<Result>): Promise<Result>;
  /** May events be written into this table, and what is to be done where they may not? */
  checkEventTable(table: string): Promise<{
    readonly state: 'good' | 'refused';
    readonly detail: string;
    readonly fix: string | null;
  }>;
  close(): Promise<void>;
}
