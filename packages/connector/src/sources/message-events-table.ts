/**
 * The statement that makes the table for the way back in PostgreSQL. `position` is the order in which
 * events became known, which for one user is the order in which they happened; `occurred_at` comes
 * from several clocks.
 */
export function messageEventsTable(table = 'message_events'): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (
  event_id uuid PRIMARY KEY,
  kind text NOT NULL,
  channel text NOT NULL,
  occurred_at timestamptz NOT NULL,
  external_id text,
  subscription_id uuid,
  message_id uuid,
  template_id text,
  address text,
  reason text,
  url text,
  received_at timestamptz NOT NULL DEFAULT now(),
  position bigint GENERATED ALWAYS AS IDENTITY
)`;
}
