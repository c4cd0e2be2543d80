import type { CreateExportBody, CsvExportBody, ExportFilter } from '@carillon/wire';
import { invalidField } from '../../platform/http/invalid-field.ts';
import { parseMoment } from '../../platform/http/parse-moment.ts';
import type { ExportSource } from './export-source.ts';
import type { ExportSubject } from './export-subject.ts';

/** What is asked for, before its segment is looked up. */
export type AskedSubject = Omit<ExportSubject, 'segment'>;

const MOMENTS = ['last_active_since', 'from', 'until'] as const;

/** Throws ApiError `request-invalid`. */
export function readRequest(
  { kind, format = 'csv', columns, filter = {} }: CreateExportBody,
  source: ExportSource,
): AskedSubject {
  for (const name of Object.keys(filter) as (keyof ExportFilter)[]) {
    if (source.filters.includes(name)) continue;
    throw invalidField(`filter.${name}`, `is no filter of ${kind}: it has ${listed(source.filters)}`);
  }
  for (const name of source.required) {
    if (filter[name] === undefined) throw invalidField(`filter.${name}`, `is required with kind ${kind}`);
  }
  for (const name of MOMENTS) {
    const value = filter[name];
    if (value !== undefined) parseMoment(`filter.${name}`, value);
  }
  if (filter.include_unsubscribed !== undefined && filter.segment === undefined) {
    throw invalidField(
      'filter.include_unsubscribed',
      'goes with filter.segment: without one, everybody is in the file',
    );
  }
  return { format, spelling: 'ours', columns: readColumns(columns ?? source.usual, kind, source), filter };
}

function readColumns(columns: readonly string[], kind: string, source: ExportSource): readonly string[] {
  const known = source.columns.map(({ name }) => name);
  columns.forEach((name, place) => {
    if (!known.includes(name)) {
      throw invalidField(`columns[${place}]`, `"${name}" is no column of ${kind}: it has ${listed(known)}`);
    }
    if (columns.indexOf(name) !== place) throw invalidField(`columns[${place}]`, `"${name}" is there twice`);
  });
  return columns;
}

/** What can be asked for besides, and the columns that each makes. */
const EXTRA_FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ...[
    'external_user_id',
    'onesignal_id',
    'country',
    'rooted',
    'ip',
    'web_auth',
    'web_p256',
    'unsubscribed_at',
    'notification_types',
    'timezone_id',
  ].map((name): [string, string[]] => [name, [name]]),
  ['location', ['lat', 'long']],
]);

/** As POST /players/csv_export is documented. Throws ApiError `request-invalid`. */
export function readCsvExport(
  {
    extra_fields: extra,
    last_active_since: since,
    segment_name: segment,
    include_unsubscribed: off,
  }: CsvExportBody,
  documented: readonly string[],
): AskedSubject {
  const columns = new Set(documented);
  for (const [place, name] of (extra ?? []).entries()) {
    const added = EXTRA_FIELDS.get(name);
    if (added === undefined) {
      throw invalidField(
        `extra_fields[${place}]`,
        `"${name}" is no field: it must be one of ${listed([...EXTRA_FIELDS.keys()])}`,
      );
    }
    for (const column of added) columns.add(column);
  }
  if (typeof off === 'boolean' && typeof segment !== 'string') {
    throw invalidField(
      'include_unsubscribed',
      'goes with segment_name: without one, everybody is in the file',
    );
  }
  return {
    format: 'csv',
    spelling: 'documented',
    columns: [...columns],
    filter: {
      ...(typeof segment === 'string' && { segment }),
      ...(typeof off === 'boolean' && { include_unsubscribed: off }),
      ...(since !== undefined && since !== null && { last_active_since: unixSeconds(since) }),
    },
  };
}

function unixSeconds(since: string | number): string {
  if (!/^\d{1,12}$/.test(String(since))) {
    throw invalidField('last_active_since', 'must be a time in Unix seconds, such as "1704067200"');
  }
  parseMoment('last_active_since', String(since));
  return String(since);
}

function listed(names: readonly string[]): string {
  return names.join(', ');
}
