import type { KeptEvent, RunContext, SendChannel, StepName } from './run.ts';

/** A message that a step makes. */
export interface SendRow {
  readonly message_id: string;
  readonly channel: SendChannel;
  readonly name: string;
  readonly node_id: string | undefined;
  readonly template_id: string;
  readonly content_id: string;
  /** Subscription ids in ascending order. */
  readonly targets: readonly string[];
}

/** A call of a webhook that a step makes. */
export interface CallRow {
  readonly call_id: string;
  readonly webhook_id: string;
  readonly node_id: string | undefined;
  readonly name: string;
}

/** A run after its steps: where it stands, and what they leave behind. */
export interface RunRow {
  readonly lane: number;
  readonly id: string;
  /** The rev that the steps were computed on; null for a run that begins. */
  readonly seen_rev: number | null;
  readonly rev: number;
  /** Key of the node where it stood; null for a run that begins. */
  readonly was: number | null;
  /** Of a run that begins. */
  readonly begins?: {
    /** The row of the inbox that it begins by; null when it begins by itself. */
    readonly inbox_id: number | null;
    readonly app_id: string;
    readonly journey_id: string;
    readonly user_id: string;
    readonly run_key: string | null;
    readonly version: number;
    /** ISO 8601. */
    readonly started_at: string;
  };
  /** Null for a run that is gone. */
  readonly node: number | null;
  /** ISO 8601. */
  readonly wake_at: string | null;
  readonly parked: boolean;
  /** Null when it is as it was. */
  readonly context: RunContext | null;
  /** What its messages and calls tell of; absent when it is in the context that the database has. */
  readonly events?: readonly KeptEvent[];
  /** The trace, column by column. */
  readonly nodes: readonly number[];
  readonly steps: readonly StepName[];
  readonly branches: readonly (number | null)[];
  readonly reasons: readonly (string | null)[];
  readonly messages: readonly (string | null)[];
  /** Null when nothing is sent. */
  readonly sends: readonly SendRow[] | null;
  readonly calls: readonly CallRow[] | null;
}

/** Whether somebody is in a journey of segments, and when again. */
export interface EntryRow {
  readonly inbox_id: number | null;
  readonly lane: number;
  readonly user_id: string;
  readonly journey_id: string;
  readonly app_id: string;
  readonly inside: boolean;
  readonly barred: boolean;
  /** ISO 8601. */
  readonly again_at: string | null;
  readonly wake_at: string | null;
  readonly parked: boolean;
  readonly is_new: boolean;
}

export interface RefusalRow {
  readonly inbox_id: number;
  readonly lane: number;
  readonly user_id: string;
  readonly journey_id: string;
  readonly app_id: string;
  readonly reason: string;
  /** How often in this batch. */
  readonly times: number;
}

/** What a batch writes. */
export interface BatchRows {
  /** Rows of the inbox that are done with. */
  readonly inbox: readonly { readonly lane: number; readonly id: number }[];
  readonly runs: readonly RunRow[];
  readonly entries: readonly EntryRow[];
  readonly refusals: readonly RefusalRow[];
}
