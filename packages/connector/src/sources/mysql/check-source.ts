import type { Pool } from 'mysql2/promise';
import type { Connector } from '../../config/config.ts';
import type { ChangeReading, Finding } from '../../model/source.ts';
import { checkModel, checkTables, good } from '../check-findings.ts';
import type { SqlServer } from '../sql/sql-server.ts';
import { obstacle, readCapabilities } from './capabilities.ts';
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
  const findings = [
    good(
      'source',
      capabilities.isMariaDb ? `MariaDB ${capabilities.version}` : `MySQL ${capabilities.version}`,
    ),
    good('changes', `read by ${reading.mode}: ${reading.why}`),
  ];
  const inTheWay = obstacle(capabilities);
  if (reading.mode === 'cdc' && inTheWay !== null) {
    findings.push({ what: 'binary log', state: 'refused', ...inTheWay });
  }
  const columns = (name: string) => {
    const shape = shapes.get(name);
    return shape === undefined ? null : { columns: [...shape.columns.keys()], key: shape.key };
  };
  findings.push(...checkTables(connector, columns, reading.mode));
  findings.push(
    ...(await checkModel(connector, ({ model }) => server.describe(server.statements.columns(model)))),
  );
  return findings;
}
