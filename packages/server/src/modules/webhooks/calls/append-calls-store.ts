/** Where a call comes from. */
export interface CallOrigin {
  readonly journey_id: string;
  /** As the API names the node. */
  readonly node_id: string;
  readonly run_id: string;
}

/** An event that a journey's run keeps for what it tells. */
export interface CallEvent {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** What Liquid sees beside the user. */
export interface CallContext {
  readonly journey: {
    readonly name: string;
    /** In the order of storing: the first is the one that let the user in. */
    readonly events: readonly CallEvent[];
  };
}

/**
 * SQL that appends calls of webhooks that `source` selects: lane, id, app_id, webhook_id, user_id, origin (`CallOrigin`),
 * context (`CallContext`), created_at, due_at. Written as a fragment so that a module appends in the very statement that
 * decides it. `id` is what the other side knows the call by, from try to try: `newTimedId`. After the commit, give the hint
 * `webhooks`.
 *
 * @example
 * `w as (${appendCalls(`select lane, call_id, app_id, webhook_id, user_id, origin, context, $4, $4 from moved`)})`
 */
export function appendCalls(source: string): string {
  return `insert into webhook_calls
    (lane, id, app_id, webhook_id, user_id, origin, context, created_at, due_at) ${source}`;
}
