import type { Pool, RowDataPacket } from 'mysql2/promise';
import type { ReadingSettings } from '../../config/reading-settings.ts';
import type { ChangeReading } from '../../model/source.ts';

/** What the server lets this connection do. */
export interface Capabilities {
  readonly version: string;
  readonly isMariaDb: boolean;
  readonly logs: boolean;
  readonly format: string;
  readonly image: string;
  /** Transactions have names by which a place in the log is found again. */
  readonly named: boolean;
  readonly replicates: boolean;
  readonly user: string;
}

export async function readCapabilities(pool: Pool): Promise<Capabilities> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT VERSION() AS version, @@log_bin AS logs, @@binlog_format AS format, @@binlog_row_image AS image,
            CURRENT_USER() AS user`,
  );
  const found: Readonly<Record<string, unknown>> = rows[0] ?? {};
  const version = String(found['version']);
  const isMariaDb = /mariadb/i.test(version);
  const [grants] = await pool.query<RowDataPacket[]>('SHOW GRANTS FOR CURRENT_USER()');
  const replicates = grants
    .map((row) => Object.values(row).join(' '))
    .some(
      (grant) =>
        /ON \*\.\*/.test(grant) && /\b(ALL PRIVILEGES|REPLICATION (SLAVE|REPLICA))\b(?! ADMIN)/.test(grant),
    );
  const [user = '', host = ''] = String(found['user']).split('@');
  return {
    version,
    isMariaDb,
    logs: Number(found['logs']) === 1,
    format: String(found['format']),
    image: String(found['image']),
    named: isMariaDb || (await gtidMode(pool)) === 'ON',
    replicates,
    user: `'${user}'@'${host}'`,
  };
}

async function gtidMode(pool: Pool): Promise<string> {
  const [rows] = await pool.query<RowDataPacket[]>('SELECT @@GLOBAL.gtid_mode AS mode');
  return String(rows[0]?.['mode']);
}

/** What stands in the way of reading the binary log, with the remedy; null where nothing does. */
export function obstacle(
  capabilities: Capabilities,
): { readonly detail: string; readonly fix: string } | null {
  const { logs, format, image, named, replicates, user } = capabilities;
  if (!logs) {
    return {
      detail: 'the server writes no binary log',
      fix: '[mariadb] log_bin = binlog   -- and restart the server',
    };
  }
  if (format !== 'ROW') {
    return {
      detail: `binlog_format is ${format}, which tells statements and not rows`,
      fix: "SET GLOBAL binlog_format = 'ROW'; -- and in the server's configuration; sessions keep the old one until they reconnect",
    };
  }
  if (image !== 'FULL') {
    return {
      detail: `binlog_row_image is ${image}, which leaves columns out`,
      fix: "SET GLOBAL binlog_row_image = 'FULL'; -- and in the server's configuration",
    };
  }
  if (!named) {
    return {
      detail: 'gtid_mode is not ON',
      fix: 'gtid_mode = ON, enforce_gtid_consistency = ON   -- and restart',
    };
  }
  if (!replicates) {
    return {
      detail: `${user} may not read the binary log`,
      fix: `GRANT REPLICATION SLAVE ON *.* TO ${user};`,
    };
  }
  return null;
}

/** How changes will be read: what the configuration asks for, or the best that the server allows. */
export function chooseReading(
  { changes, changedAt }: ReadingSettings,
  capabilities: Capabilities,
  tables: readonly { readonly columns: ReadonlyMap<string, string> }[],
): ChangeReading {
  if (changes !== 'auto') return { mode: changes, why: 'the configuration asks for it' };
  const inTheWay = obstacle(capabilities);
  if (inTheWay === null) return { mode: 'cdc', why: 'the server writes a binary log of whole rows' };
  return tables.every(({ columns }) => columns.has(changedAt))
    ? { mode: 'cursor', why: inTheWay.detail }
    : { mode: 'diff', why: `${inTheWay.detail}, and not every table has the column ${changedAt}` };
}
