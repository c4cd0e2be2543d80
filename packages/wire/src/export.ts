import { Type } from 'typebox';
import type { Static } from 'typebox';

/** What an export can be of. */
export const EXPORT_KINDS = [
  /** One row for each address and device. */
  'subscriptions',
  'users',
  /** One row for each delivery that has ended. */
  'deliveries',
  /** What became known after the hand-over: delivered, opened, clicked, bounced and the like. */
  'message_events',
  /** One row for each subscription that a message was for, with what came of it. */
  'audience_activity',
] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

export const EXPORT_FORMATS = ['csv', 'jsonl', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const moment = Type.String({ description: 'ISO 8601 with its offset, or Unix seconds.' });

/** Which rows. Each kind has its own: `segment`, `include_unsubscribed` and `channel` are of subscriptions. */
export const exportFilter = Type.Object(
  {
    segment: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
    include_unsubscribed: Type.Optional(
      Type.Boolean({ description: 'With `segment`: also those who have unsubscribed. False when absent.' }),
    ),
    channel: Type.Optional(Type.Enum(['email', 'sms', 'push'])),
    last_active_since: Type.Optional(moment),
    message_id: Type.Optional(Type.String({ format: 'uuid' })),
    /** The earliest time of a row. */
    from: Type.Optional(moment),
    /** Before which all rows are. */
    until: Type.Optional(moment),
  },
  { additionalProperties: false },
);
export type ExportFilter = Static<typeof exportFilter>;

/** POST /apps/{app_id}/exports */
export const createExportBody = Type.Object(
  {
    kind: Type.Enum(EXPORT_KINDS),
    format: Type.Optional(
      Type.Enum(EXPORT_FORMATS, { description: 'csv when absent. csv and jsonl come as gzip.' }),
    ),
    columns: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), {
        minItems: 1,
        maxItems: 64,
        description: 'In the order of the file. The usual ones of the kind when absent.',
      }),
    ),
    filter: Type.Optional(exportFilter),
  },
  { additionalProperties: false },
);
export type CreateExportBody = Static<typeof createExportBody>;

/** An export in an answer. */
export const exportView = Type.Object({
  id: Type.String(),
  kind: Type.Enum(EXPORT_KINDS),
  format: Type.Enum(EXPORT_FORMATS),
  columns: Type.Array(Type.String()),
  filter: exportFilter,
  /** `queued`, `running`, `ready`: it can be fetched. `cancelled`. `failed`: tried often, and given up. */
  state: Type.Enum(['queued', 'running', 'ready', 'cancelled', 'failed']),
  /** So far; all of them when it is ready. An export that is begun anew counts anew. */
  rows: Type.Integer(),
  /** Of the file; null until it is ready. */
  bytes: Type.Union([Type.Integer(), Type.Null()]),
  /** ISO 8601. */
  created_at: Type.String(),
  ready_at: Type.Union([Type.String(), Type.Null()]),
  /** When the file goes. */
  expires_at: Type.String(),
  /** Whoever has it can fetch the file: 403 until it is ready. */
  url: Type.String(),
});
export type ExportView = Static<typeof exportView>;

/** GET /apps/{app_id}/exports, newest first. */
export const exportPage = Type.Object({
  exports: Type.Array(exportView),
  has_more: Type.Boolean(),
  /** Absent on the last page. */
  next_cursor: Type.Optional(Type.String()),
});
export type ExportPage = Static<typeof exportPage>;

/** POST /players/csv_export */
export const csvExportBody = Type.Object({
  extra_fields: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
  /** Unix seconds. */
  last_active_since: Type.Optional(Type.Union([Type.String(), Type.Integer(), Type.Null()])),
  segment_name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  include_unsubscribed: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
});
export type CsvExportBody = Static<typeof csvExportBody>;

export const csvExportAnswer = Type.Object({ csv_file_url: Type.String() });
export type CsvExportAnswer = Static<typeof csvExportAnswer>;
