import type { Connector, UsersModel } from '../config/config.ts';
import type { Row } from '../config/fields.ts';
import type { Finding, ReadingMode, SourceColumn } from '../model/source.ts';
import { qualified } from '../model/transition.ts';
import { watchedTables } from './watched-tables.ts';

interface Shape {
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

/** The watched tables: are they there, have they a key and the columns that are named? */
export function checkTables(
  connector: Connector,
  shapeOf: (table: string) => Shape | null,
  mode: ReadingMode,
): Finding[] {
  return watchedTables(connector).flatMap((name) => tableFindings(connector, name, shapeOf(name), mode));
}

function tableFindings(
  { users, source }: Connector,
  name: string,
  shape: Shape | null,
  mode: ReadingMode,
): Finding[] {
  if (shape === null) return [refused(name, 'is not in the source', 'mend its name in the configuration')];
  if (shape.key.length === 0) {
    return [refused(name, 'has no primary key', `ALTER TABLE ${name} ADD PRIMARY KEY (...);`)];
  }
  const findings: Finding[] = [];
  const dirty = Object.entries(users?.dirtyWhen ?? {}).find(([table]) => qualified(table) === name)?.[1];
  if (dirty !== undefined && !shape.columns.includes(dirty)) {
    findings.push(refused(name, `has no column ${dirty}`, 'mend users.dirtyWhen'));
  }
  if (mode === 'cursor' && !shape.columns.includes(source.changedAt)) {
    const fix = `add the column, kept by the application or a trigger, or name another in source.changedAt`;
    findings.push(refused(name, `has no column ${source.changedAt} to find changes by`, fix));
  }
  return findings.length === 0 ? [good(name, `key ${shape.key.join(', ')}`)] : findings;
}

/** The users model: does it run, and does it give the columns that the mapping names? */
export async function checkModel(
  { users }: Connector,
  describe: (users: UsersModel<Row>) => Promise<readonly SourceColumn[]>,
): Promise<Finding[]> {
  if (users === null) return [];
  const described = await describe(users).catch((error: Error) => error);
  if (described instanceof Error) return [refused('users.model', described.message, 'mend the query')];
  const columns = described.map(({ name }) => name);
  const wanted = [users.key, users.language, users.country, users.timezone]
    .concat(Object.values(users.tags ?? {}).map(({ from }) => from))
    .concat((users.subscriptions ?? []).map(({ from }) => from))
    .filter((from) => typeof from === 'string');
  const missing = [...new Set(wanted)].filter((column) => !columns.includes(column));
  return missing.length === 0
    ? [good('users.model', `${columns.length} columns`)]
    : [
        refused(
          'users.model',
          `gives no column ${missing.join(', ')}`,
          'add it to the query, or mend the mapping',
        ),
      ];
}

export function good(what: string, detail: string): Finding {
  return { what, state: 'good', detail, fix: null };
}

export function refused(what: string, detail: string, fix: string): Finding {
  return { what, state: 'refused', detail, fix };
}
