import type { Pool } from 'pg';
import type { Connector } from '../../config/config.ts';
import type { ChangeReading, Finding, ReadingMode } from '../../model/source.ts';
import { qualified } from '../../model/transition.ts';
import { watchedTables } from '../watched-tables.ts';
import { obstacle, readCapabilities } from './capabilities.ts';
import type { Capabilities } from './capabilities.ts';
import { describeModel } from './model-query.ts';
import { slotName } from './slot.ts';
import type { TableShape } from './table-shape.ts';

/** Looks at every precondition on the source's side. Changes nothing. */
export async function checkSource(
  pool: Pool,
  connector: Connector,
  reading: ChangeReading,
  shapes: ReadonlyMap<string, TableShape>,
): Promise<Finding[]> {
  const capabilities = await readCapabilities(pool);
  const findings: Finding[] = [
    version(capabilities),
    good('changes', `read by ${reading.mode}: ${reading.why}`),
  ];
  if (reading.mode === 'cdc') findings.push(...(await cdc(pool, connector, capabilities, shapes)));
  for (const table of watchedTables(connector)) {
    findings.push(...tableFindings(connector, table, shapes.get(table), reading.mode));
  }
  findings.push(...(await model(pool, connector)));
  return findings;
}

function version({ version }: Capabilities): Finding {
  const detail = `PostgreSQL ${Math.floor(version / 10_000)}`;
  return version >= 150_000
    ? good('source', detail)
    : { what: 'source', state: 'refused', detail, fix: 'use PostgreSQL 15 or newer' };
}

async function cdc(
  pool: Pool,
  connector: Connector,
  capabilities: Capabilities,
  shapes: ReadonlyMap<string, TableShape>,
): Promise<Finding[]> {
  const inTheWay = await obstacle(pool, slotName(connector), capabilities, shapes.values());
  if (inTheWay !== null) return [{ what: 'replication', state: 'refused', ...inTheWay }];
  if (capabilities.slotLimit !== null) return [good('slot', 'what it may hold back is limited')];
  return [
    {
      what: 'slot',
      state: 'warning',
      detail: 'a slot that nobody reads can fill the disk of the source',
      fix: "ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'; SELECT pg_reload_conf();",
    },
  ];
}

function tableFindings(
  { users, source }: Connector,
  name: string,
  shape: TableShape | undefined,
  mode: ReadingMode,
): Finding[] {
  if (shape === undefined)
    return [refused(name, 'is not in the source', 'mend its name in the configuration')];
  if (shape.key.length === 0) {
    return [refused(name, 'has no primary key', `ALTER TABLE ${name} ADD PRIMARY KEY (...);`)];
  }
  const findings: Finding[] = [];
  const dirty = Object.entries(users?.dirtyWhen ?? {}).find(([table]) => qualified(table) === name)?.[1];
  if (dirty !== undefined && !shape.columns.includes(dirty)) {
    findings.push(refused(name, `has no column ${dirty}`, 'mend users.dirtyWhen'));
  } else if (dirty !== undefined && mode === 'cdc' && !shape.tellsBefore && !shape.key.includes(dirty)) {
    findings.push({
      what: name,
      state: 'warning',
      detail: `deleted rows, and rows that move away from a user, do not mark that user: ${dirty} is not told then`,
      fix: `ALTER TABLE ${name} REPLICA IDENTITY FULL;`,
    });
  }
  if (mode === 'cursor' && !shape.columns.includes(source.changedAt)) {
    const fix = `add the column, kept by the application or a trigger, or name another in source.changedAt`;
    findings.push(refused(name, `has no column ${source.changedAt} to find changes by`, fix));
  }
  return findings.length === 0 ? [good(name, `key ${shape.key.join(', ')}`)] : findings;
}

async function model(pool: Pool, { users }: Connector): Promise<Finding[]> {
  if (users === null) return [];
  const described = await describeModel(pool, users).catch((error: Error) => error);
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

function good(what: string, detail: string): Finding {
  return { what, state: 'good', detail, fix: null };
}

function refused(what: string, detail: string, fix: string): Finding {
  return { what, state: 'refused', detail, fix };
}
