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
  campaign jsonb,
  raw jsonb,
  received_at timestamptz NOT NULL DEFAULT now(),
  position bigint GENERATED ALWAYS AS IDENTITY
)`;
}

/** The same in MySQL and MariaDB. Times are in UTC. */
export function mysqlEventsTable(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (
  event_id char(36) PRIMARY KEY,
  kind varchar(64) NOT NULL,
  channel varchar(32) NOT NULL,
  occurred_at datetime(3) NOT NULL,
  external_id varchar(191),
  subscription_id char(36),
  message_id char(36),
  template_id varchar(64),
  address varchar(320),
  reason text,
  url text,
  campaign json,
  raw json,
  received_at datetime(3) NOT NULL DEFAULT (UTC_TIMESTAMP(3)),
  position bigint NOT NULL AUTO_INCREMENT UNIQUE,
  KEY (external_id)
) CHARACTER SET utf8mb4`;
}

/** The same in SQLite. Times are ISO 8601. */
export function sqliteEventsTable(table: string): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (
  position integer PRIMARY KEY AUTOINCREMENT,
  event_id text NOT NULL UNIQUE,
  kind text NOT NULL,
  channel text NOT NULL,
  occurred_at text NOT NULL,
  external_id text,
  subscription_id text,
  message_id text,
  template_id text,
  address text,
  reason text,
  url text,
  campaign text,
  raw text,
  received_at text NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
)`;
}
