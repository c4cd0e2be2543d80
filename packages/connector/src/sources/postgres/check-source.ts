import type { Pool } from 'pg';
import type { Connector } from '../../config/config.ts';
import type { ChangeReading, Finding } from '../../model/source.ts';
import { qualified } from '../../model/transition.ts';
import { checkModel, checkTables, good } from '../check-findings.ts';
import type { SqlServer } from '../sql/sql-server.ts';
import { obstacle, readCapabilities } from './capabilities.ts';
import type { Capabilities } from './capabilities.ts';
import { fullScans } from './full-scans.ts';
import { slotFinding } from './slot-finding.ts';
import { slotName } from './slot.ts';
import type { TableShape } from './table-shape.ts';

/** Looks at every precondition on the source's side. Changes nothing. */
export async function checkSource(
  pool: Pool,
  server: SqlServer,
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
  findings.push(...checkTables(connector, (table) => shapes.get(table) ?? null, reading.mode));
  if (reading.mode === 'cdc') {
    for (const shape of shapes.values()) findings.push(...untold(connector, shape));
  }
  findings.push(
    ...(await checkModel(connector, ({ model }) => server.describe(server.statements.columns(model)))),
  );
  findings.push(...(await keyedModel(pool, connector, reading)));
  return findings;
}

function mayFillDisk({ source }: Connector): boolean {
  return source.kind === 'postgres' && source.unlimitedSlot;
}

/** Following changes asks for a few users at a time: is that cheap? A model that does not run was told of. */
async function keyedModel(pool: Pool, { users }: Connector, { mode }: ChangeReading): Promise<Finding[]> {
  if (users === null || mode === 'diff') return [];
  const scanned = await fullScans(pool, users).catch(() => []);
  if (scanned.length === 0) return [];
  return [
    {
      what: 'users.model',
      state: 'warning',
      detail: `reads the whole of ${scanned.join(', ')} for a few users: the filter on ${users.key} reaches no index`,
      fix: `join and group by the key, and index it; or let it be looked at from time to time: changes: 'diff'`,
    },
  ];
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
  return [slotFinding(capabilities.slotLimit, mayFillDisk(connector))];
}

/** What the stream does not tell of a table without its whole rows. */
function untold({ users }: Connector, { name, tellsBefore, key }: TableShape): Finding[] {
  const dirty = Object.entries(users?.dirtyWhen ?? {}).find(([table]) => qualified(table) === name)?.[1];
  if (dirty === undefined || tellsBefore || key.includes(dirty)) return [];
  return [
    {
      what: name,
      state: 'warning',
      detail: `deleted rows, and rows that move away from a user, do not mark that user: ${dirty} is not told then`,
      fix: `ALTER TABLE ${name} REPLICA IDENTITY FULL;`,
    },
  ];
}
