import type { ImportFieldChange, ImportPreview, ImportSettings } from '@carillon/wire';
import type { Database } from '../../platform/database/database.ts';
import type { Met, UserBefore, UserWrite, WholeBatches } from '../identity/index.ts';
import { RESULTS, refusalOf } from './check-batch.ts';
import { readColumns } from './columns.ts';
import { readHeader } from './csv/read-header.ts';
import { readRows } from './csv/read-rows.ts';
import type { Row } from './csv/row.ts';
import { readBeginning, readPieces } from './import-pieces.ts';
import type { ImportRecord } from './import-record.ts';
import { presentMeaning } from './meaning.ts';
import { RowReader } from './read-row.ts';

type PreviewRow = ImportPreview['rows'][number];
const RESULT_OF = { created: 'create', updated: 'update', unchanged: 'unchanged' } as const;

/**
 * What the first rows of a file would do, each for itself, with what is there now. Throws ApiError `request-invalid`,
 * `import-unreadable`.
 */
export async function previewImport(
  { database, batches }: { readonly database: Database; readonly batches: WholeBatches },
  record: ImportRecord,
  settings: ImportSettings,
  most: number,
): Promise<ImportPreview> {
  const header = readHeader(await readBeginning(database, record), settings.delimiter);
  const { format, columns } = readColumns(header.columns, settings);
  const reader = new RowReader(record.appId, { format, columns }, settings);
  const rows: Row[] = [];
  const pieces = readPieces(database, record, header.position);
  for await (const batch of readRows(pieces, { delimiter: header.delimiter, place: header, rows: most })) {
    rows.push(...batch.rows);
    if (rows.length >= most) break;
  }
  const context = await batches.begin(record.appId, { way: 'import', keyId: null });
  const read = rows.slice(0, most).map((row) => reader.read(row, context));
  const met = await batches.meet(read.flatMap((row) => (row.kind === 'write' ? [row.write] : [])));
  const present = await batches.look(record.appId, [
    ...new Set(met.flatMap(({ comparison }) => comparison.touched)),
  ]);
  const users = new Map(present.map((user) => [user.id, user]));
  const next = met.values();
  return {
    format,
    delimiter: header.delimiter,
    columns: columns.map(({ name, meaning }) => ({ column: name, meaning: presentMeaning(meaning) })),
    rows: read.map((row): PreviewRow => {
      if (row.kind === 'rejected') return rejectedRow(row.rejection);
      const one = next.next().value as Met;
      const refusal = refusalOf(one);
      if (refusal === null) return presentRow(row.line, one, users);
      return rejectedRow({ line: row.line, column: reader.columnOf(refusal.field, ''), rule: refusal.rule });
    }),
  };
}

function rejectedRow(rejection: NonNullable<PreviewRow['rejection']>): PreviewRow {
  return { line: rejection.line, result: 'reject', onesignal_id: null, changes: [], rejection };
}

function presentRow(
  line: number,
  { write, comparison }: Met,
  users: ReadonlyMap<string, UserBefore>,
): PreviewRow {
  const { verdict, touched } = comparison;
  const user = users.get(touched[0] ?? '') ?? null;
  return {
    line,
    result: RESULT_OF[RESULTS[verdict]],
    onesignal_id: user?.id ?? null,
    changes: verdict === 'same' ? [] : changesOf(write, user),
    rejection: null,
  };
}

/** What differs of a user, and the addresses that are named. */
function changesOf(write: UserWrite, user: UserBefore | null): ImportFieldChange[] {
  const { properties, aliases, subscriptions } = write;
  const changes: ImportFieldChange[] = [];
  const tell = (field: string, from: unknown, to: unknown) => {
    if (from !== to) changes.push({ field, from, to });
  };
  if (user === null) for (const { label, value } of aliases) tell(label, null, value);
  for (const [key, value] of Object.entries(properties.tags))
    tell(`tags.${key}`, user?.tags[key] ?? null, value);
  for (const key of properties.goneTags) tell(`tags.${key}`, user?.tags[key] ?? null, null);
  if (properties.language !== null) tell('language', user?.language ?? null, properties.language);
  if (properties.timezoneId !== null) tell('timezone_id', user?.timezone_id ?? null, properties.timezoneId);
  if (properties.country !== null) tell('country', user?.country ?? null, properties.country);
  for (const [name, value] of Object.entries(properties.other))
    tell(name, user?.properties[name] ?? null, value);
  for (const { address, givenId, enabled, notificationTypes } of subscriptions) {
    const named = address === null ? { id: givenId } : { type: address.type, token: address.token };
    const optIn = enabled ?? (notificationTypes === null ? null : notificationTypes > 0);
    changes.push({
      field: 'subscription',
      from: null,
      to: { ...named, ...(optIn !== null && { subscribed: optIn }) },
    });
  }
  return changes;
}
