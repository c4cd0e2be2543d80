import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import type { EntryFilter } from './audit-store.ts';

const DAY_MS = 86_400_000;
const MOST_ON_A_PAGE = 100;

const list = <Item extends TSchema>(item: Item, maxItems: number, description: string) =>
  Type.Optional(
    Type.Array(item, { maxItems, description: `${description} Repeat it, up to ${maxItems} times.` }),
  );
const id = Type.String({ format: 'uuid' });
const text = Type.String({ maxLength: 320 });

/** The query string of GET /organizations/{organization_id}/audit_logs */
export const auditQuery = Type.Object({
  start_time: Type.Optional(
    Type.String({ description: 'From when on, ISO 8601. Required without `cursor`.' }),
  ),
  end_time: Type.Optional(Type.String({ description: 'Up to when, ISO 8601. Absent: up to now.' })),
  cursor: Type.Optional(
    Type.String({
      description: '`next_cursor` of the page before. Times are then ignored; filters are not.',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ description: `Entries on a page: 1 to ${MOST_ON_A_PAGE}, which is also the default.` }),
  ),
  app_ids: list(id, 10, 'Changes of these apps, and of the organization itself.'),
  actions: list(text, 20, 'Such as `app.created`.'),
  actor_ids: list(id, 10, 'Ids of API keys.'),
  actor_emails: list(text, 10, 'Addresses of people. Changes by API keys have none.'),
  target_types: list(text, 10, 'Such as `api_key`.'),
  target_ids: list(id, 10, 'Ids of what was changed.'),
  ip_addresses: list(text, 10, 'From where the call came.'),
});
export type AuditQuery = Static<typeof auditQuery>;

/** What is asked of the log: entries behind a position. */
export interface AuditRequest {
  readonly after: number;
  readonly limit: number;
  readonly filter: EntryFilter;
}

/**
 * Reads a query. Throws `request-invalid` for times and cursors that cannot be meant: the log goes back
 * `keptDays` before `now`.
 */
export function readAuditQuery(query: AuditQuery, now: number, keptDays: number): AuditRequest {
  const { after, from, to } =
    query.cursor === undefined ? readWindow(query, now, keptDays) : readCursor(query.cursor);
  return {
    after,
    limit: Math.max(1, Math.min(MOST_ON_A_PAGE, query.limit ?? MOST_ON_A_PAGE)),
    filter: {
      from,
      to,
      appIds: lowerCase(query.app_ids),
      actions: query.actions ?? [],
      actorIds: lowerCase(query.actor_ids),
      actorEmails: lowerCase(query.actor_emails),
      targetTypes: query.target_types ?? [],
      targetIds: lowerCase(query.target_ids),
      ipAddresses: query.ip_addresses ?? [],
    },
  };
}

/** Where the next page begins: behind `position`, and inside the same window. */
export function writeCursor(position: number, { from, to }: Pick<EntryFilter, 'from' | 'to'>): string {
  return Buffer.from(`${position} ${from ?? ''} ${to ?? ''}`).toString('base64url');
}

interface Start {
  readonly after: number;
  readonly from: number | null;
  readonly to: number | null;
}

function readCursor(cursor: string): Start {
  const match = /^(\d{1,15}) (\d{0,15}) (\d{0,15})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (match === null) throw invalidField('cursor', 'must be a next_cursor that this list gave out');
  const [, after = '', from = '', to = ''] = match;
  return {
    after: Number(after),
    from: from === '' ? null : Number(from),
    to: to === '' ? null : Number(to),
  };
}

function readWindow({ start_time: start, end_time: end }: AuditQuery, now: number, keptDays: number): Start {
  if (start === undefined) throw invalidField('start_time', 'is required, unless there is a cursor');
  const from = readTime('start_time', start);
  if (from < now - keptDays * DAY_MS) {
    throw invalidField('start_time', `must be within the last ${keptDays} days: older entries are deleted`);
  }
  const to = end === undefined ? null : readTime('end_time', end);
  if (to !== null && to <= from) throw invalidField('end_time', 'must be after start_time');
  return { after: 0, from, to };
}

/** A date, or a date with a time; UTC where it names no offset. The + of an offset arrives as a space. */
const ISO_TIME = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+ -]\d\d:?\d\d)?)?$/i;

function readTime(field: string, text: string): number {
  const match = ISO_TIME.exec(text.trim());
  const [, date = '', time = '00:00', offset = 'Z'] = match ?? [];
  const at = match === null ? NaN : Date.parse(`${date}T${time}${withColon(offset)}`);
  if (Number.isNaN(at)) throw invalidField(field, 'must be an ISO 8601 time, such as 2026-11-25T00:00:00Z');
  return at;
}

function withColon(offset: string): string {
  return offset.replace(' ', '+').replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
}

function lowerCase(values: readonly string[] = []): string[] {
  return values.map((value) => value.toLowerCase());
}
