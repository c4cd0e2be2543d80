import { Type } from 'typebox';
import type { Static } from 'typebox';

export const IMPORT_STATES = [
  /** Its file is on its way here: from the caller, or from its URL. */
  'uploading',
  'fetching',
  /** The file is here whole; nothing of it is written yet. */
  'ready',
  /** It waits for its turn: an app has one at a time. */
  'queued',
  /** A dry run goes through the file. */
  'checking',
  'running',
  'done',
  'failed',
  'cancelled',
  'undoing',
  'undone',
] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** How a file is read. */
export const importSettings = Type.Object(
  {
    mapping: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 300 }), {
        description:
          'What columns mean, by their names in the file: external_id, alias.<label>, email, phone_number, tag.<key>, tags, language, ignore and others. Columns that are not named here mean what their names say.',
      }),
    ),
    unknown_columns: Type.Optional(
      Type.Enum(['tag', 'ignore'], { description: 'Columns whose names say nothing. tag when absent.' }),
    ),
    blank_tags: Type.Optional(
      Type.Enum(['keep', 'remove'], { description: 'What an empty value does to a tag. keep when absent.' }),
    ),
    delimiter: Type.Optional(
      Type.Enum([',', ';', '\t', '|'], { description: 'Found in the first line when absent.' }),
    ),
  },
  { additionalProperties: false },
);
export type ImportSettings = Static<typeof importSettings>;

/** POST /apps/{app_id}/imports with JSON. */
export const importFromUrlBody = Type.Object(
  {
    url: Type.String({ maxLength: 2_048, description: 'Where the file is: CSV, or gzip of it.' }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  },
  { additionalProperties: false },
);
export type ImportFromUrlBody = Static<typeof importFromUrlBody>;

/** POST /apps/{app_id}/imports/{import_id}/preview */
export const previewImportBody = Type.Object(
  {
    ...importSettings.properties,
    rows: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: '10 when absent.' })),
  },
  { additionalProperties: false },
);
export type PreviewImportBody = Static<typeof previewImportBody>;

/** POST /apps/{app_id}/imports/{import_id}/start */
export const startImportBody = Type.Object(
  {
    ...importSettings.properties,
    dry_run: Type.Optional(
      Type.Boolean({
        description: 'Goes through the whole file and writes nothing. It can be started again.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type StartImportBody = Static<typeof startImportBody>;

const importCounts = Type.Object({
  /** Rows that were worked on. */
  rows: Type.Integer(),
  created: Type.Integer(),
  updated: Type.Integer(),
  unchanged: Type.Integer(),
  rejected: Type.Integer(),
});
export type ImportCounts = Static<typeof importCounts>;

/** What an undo has done of users that the import created, or changed. */
const importUndo = Type.Object({
  /** All whom it is about. */
  users: Type.Integer(),
  users_removed: Type.Integer(),
  users_restored: Type.Integer(),
  /** Somebody has written about them since, or they are gone: they stay as they are. */
  users_left: Type.Integer(),
});
export type ImportUndo = Static<typeof importUndo>;

/** An import in an answer. */
export const importView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** The name of the machine that the file came from; null when it was uploaded. */
  from: Type.Union([Type.String(), Type.Null()]),
  state: Type.Enum(IMPORT_STATES),
  settings: importSettings,
  /** Of the file, after decompression. */
  bytes: Type.Integer(),
  /** How many of them are worked on. */
  bytes_done: Type.Integer(),
  /** The last line of the file that is worked on. */
  line: Type.Integer(),
  counts: importCounts,
  /** What the last dry run has counted. */
  dry_run: Type.Union([importCounts, Type.Null()]),
  undo: Type.Union([importUndo, Type.Null()]),
  /** Why it failed. */
  fault: Type.Union([Type.String(), Type.Null()]),
  /** Where the rejected rows of the last run are, as CSV: line, column, rule. */
  rejects_url: Type.String(),
  /** ISO 8601. */
  created_at: Type.String(),
  started_at: Type.Union([Type.String(), Type.Null()]),
  ended_at: Type.Union([Type.String(), Type.Null()]),
  /** When it is forgotten, and cannot be undone any more. */
  expires_at: Type.String(),
});
export type ImportView = Static<typeof importView>;

/** GET /apps/{app_id}/imports, newest first. */
export const importPage = Type.Object({
  imports: Type.Array(importView),
  has_more: Type.Boolean(),
  /** Absent on the last page. */
  next_cursor: Type.Optional(Type.String()),
});
export type ImportPage = Static<typeof importPage>;

const rejection = Type.Object({
  line: Type.Integer(),
  /** As the first line of the file names it; null when it is the row as a whole. */
  column: Type.Union([Type.String(), Type.Null()]),
  rule: Type.String(),
});
export type ImportRejection = Static<typeof rejection>;

const fieldChange = Type.Object({ field: Type.String(), from: Type.Unknown(), to: Type.Unknown() });
export type ImportFieldChange = Static<typeof fieldChange>;

/** What the first rows would do. */
export const importPreview = Type.Object({
  /** What the file is taken for. */
  format: Type.Enum(['own', 'onesignal']),
  delimiter: Type.String(),
  columns: Type.Array(Type.Object({ column: Type.String(), meaning: Type.String() })),
  rows: Type.Array(
    Type.Object({
      line: Type.Integer(),
      result: Type.Enum(['create', 'update', 'unchanged', 'reject']),
      /** Who it is about, where that is somebody. */
      onesignal_id: Type.Union([Type.String(), Type.Null()]),
      changes: Type.Array(fieldChange),
      rejection: Type.Union([rejection, Type.Null()]),
    }),
  ),
});
export type ImportPreview = Static<typeof importPreview>;
