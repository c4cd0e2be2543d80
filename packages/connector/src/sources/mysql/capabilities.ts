import type { Pool, RowDataPacket } from 'mysql2/promise';
import type { ReadingSettings } from '../../config/reading-settings.ts';
import type { ChangeReading } from '../../model/source.ts';

/** ER_SP_DOES_NOT_EXIST */
const NO_SUCH_FUNCTION = 1305;

/** What the server lets this connection do. */
export interface Capabilities {
  readonly version: string;
  readonly isMariaDb: boolean;
  readonly logs: boolean;
  readonly format: string;
  readonly image: string;
  /** Settings of MySQL that wrap or shorten what the log tells, in words: they cannot be read. */
  readonly unreadable: readonly string[];
  /** Transactions have names by which a place in the log is found again. */
  readonly named: boolean;
  readonly replicates: boolean;
  readonly user: string;
}

export async function readCapabilities(pool: Pool): Promise<Capabilities> {
  const [rows] = await pool.query<RowDataPacket[]>('SELECT VERSION() AS version, CURRENT_USER() AS user');
  const version = String(rows[0]?.['version']);
  const isMariaDb = /mariadb/i.test(version);
  const [user = '', host = ''] = String(rows[0]?.['user']).split('@');
  const set = await settings(pool);
  return {
    version,
    isMariaDb,
    logs: set.get('log_bin') === 'ON',
    // A server that has no such setting any more knows no other format.
    format: set.get('binlog_format') ?? 'ROW',
    image: set.get('binlog_row_image') ?? 'FULL',
    unreadable: [
      ...(set.get('binlog_transaction_compression') === 'ON' ? ['binlog_transaction_compression'] : []),
      ...((set.get('binlog_row_value_options') ?? '') === '' ? [] : ['binlog_row_value_options']),
    ],
    named: isMariaDb || set.get('gtid_mode') === 'ON',
    replicates: await mayReplicate(pool, isMariaDb),
    user: `'${user}'@'${host}'`,
  };
}

/** By their names: which of them there are depends on the server and its version. */
async function settings(pool: Pool): Promise<ReadonlyMap<string, string>> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_bin', 'binlog_format', 'binlog_row_image', 'gtid_mode',
       'binlog_transaction_compression', 'binlog_row_value_options')`,
  );
  return new Map(rows.map((row) => [String(row['Variable_name']).toLowerCase(), String(row['Value'])]));
}

async function mayReplicate(pool: Pool, isMariaDb: boolean): Promise<boolean> {
  const [grants] = await pool.query<RowDataPacket[]>(
    `SHOW GRANTS FOR CURRENT_USER()${isMariaDb ? '' : await usingRoles(pool)}`,
  );
  return grants
    .map((row) => Object.values(row).join(' '))
    .some(
      (grant) =>
        /ON \*\.\*/.test(grant) && /\b(ALL PRIVILEGES|REPLICATION (SLAVE|REPLICA))\b(?! ADMIN)/.test(grant),
    );
}

/** MySQL 8 tells what a role may only where it is named; MySQL 5.7 has none. */
async function usingRoles(pool: Pool): Promise<string> {
  try {
    const [rows] = await pool.query<RowDataPacket[]>('SELECT CURRENT_ROLE() AS roles');
    const roles = String(rows[0]?.['roles'] ?? 'NONE');
    return roles === 'NONE' ? '' : ` USING ${roles}`;
  } catch (error) {
    if (error instanceof Error && 'errno' in error && error.errno === NO_SUCH_FUNCTION) return '';
    throw error;
  }
}

/** What stands in the way of reading the binary log, with the remedy; null where nothing does. */
export function obstacle(
  capabilities: Capabilities,
): { readonly detail: string; readonly fix: string } | null {
  const { logs, format, image, unreadable, named, replicates, user, isMariaDb } = capabilities;
  if (!logs) {
    return {
      detail: 'the server writes no binary log',
      fix: `[${isMariaDb ? 'mariadb' : 'mysqld'}] log_bin = binlog   -- and restart the server`,
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
  if (unreadable.length > 0) {
    return {
      detail: `${unreadable.join(' and ')} ${unreadable.length === 1 ? 'is' : 'are'} set, which makes the log unreadable`,
      fix: `${unreadable.map((name) => `SET GLOBAL ${name} = DEFAULT;`).join(' ')} -- and in the server's configuration; sessions keep the old one until they reconnect`,
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
