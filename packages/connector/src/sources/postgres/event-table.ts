import type { FeedEvent } from '@carillon/wire';
import type { Pool } from 'pg';
import { qualified } from '../../model/transition.ts';
import { quoteTable } from './quote.ts';

/**
 * The statement that makes the table for the way back. `position` is the order in which events
 * became known, which for one user is the order in which they happened; `occurred_at` comes from
 * several clocks.
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

/** Our words for the last part of an event's kind, where they differ from the wire's. */
const WORDS: Readonly<Record<string, string>> = { received: 'delivered' };

/** `message.email.received` is kept as `delivered`. */
export function kindOf(event: FeedEvent): string {
  const word = event.kind.split('.').at(-1) ?? event.kind;
  return WORDS[word] ?? word;
}

/** Writes events once each: those that are there already are passed over. Returns how many were new. */
export async function writeEvents(pool: Pool, table: string, events: readonly FeedEvent[]): Promise<number> {
  const rows = events.map((event) => ({
    ...event,
    kind: kindOf(event),
    // Text with a NUL is not text to PostgreSQL.
    reason: event.reason?.replaceAll('\u0000', '') ?? null,
    url: event.url?.replaceAll('\u0000', '') ?? null,
  }));
  const { rowCount } = await pool.query(
    `INSERT INTO ${quoteTable(qualified(table))}
       (event_id, kind, channel, occurred_at, external_id, subscription_id, message_id, template_id, address, reason, url)
     SELECT id, kind, channel, at, external_id, subscription_id, message_id, template_id, address, reason, url
     FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (id uuid, kind text, channel text, at timestamptz,
       external_id text, subscription_id uuid, message_id uuid, template_id text, address text, reason text, url text))
       WITH ORDINALITY AS e (id, kind, channel, at, external_id, subscription_id, message_id, template_id, address,
       reason, url, place)
     ORDER BY place
     ON CONFLICT (event_id) DO NOTHING`,
    [JSON.stringify(rows)],
  );
  return rowCount ?? 0;
}
