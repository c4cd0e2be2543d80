import type { Pool, PoolConnection, RowDataPacket } from 'mysql2/promise';
import type { Beginning, ChangeBatch, ChangeFeed, Cursors } from '../../model/source.ts';
import { begun, resumed } from '../sql/beginnings.ts';
import type { SqlServer } from '../sql/sql-server.ts';
import { BinlogStream } from './binlog-stream.ts';
import { beginSnapshot, snapshotOf } from './open-snapshot.ts';
import type { TableShape } from './table-shape.ts';
import { untilVisible } from './visibility.ts';

/** The cursor's name: the transactions that are kept. */
const POSITION = 'gtid';
const MOST_TRIES = 50;

/** Changes out of the binary log. The server keeps no place for us: it is kept at home. */
export class BinlogChanges implements ChangeFeed {
  readonly #pool: Pool;
  readonly #server: SqlServer;
  readonly #url: string;
  readonly #name: string;
  readonly #shapes: ReadonlyMap<string, TableShape>;

  constructor(
    pool: Pool,
    server: SqlServer,
    url: string,
    name: string,
    shapes: ReadonlyMap<string, TableShape>,
  ) {
    this.#pool = pool;
    this.#server = server;
    this.#url = url;
    this.#name = name;
    this.#shapes = shapes;
  }

  async begin(known: Cursors | null): Promise<Beginning> {
    const position = known?.[POSITION];
    if (position !== undefined && (await this.#reaches(position))) return resumed(this.#server, this.#shapes);
    const reader = await this.#pool.getConnection();
    const start = await startSnapshot(reader);
    return begun(this.#server, this.#shapes, snapshotOf(reader), { known, cursors: { [POSITION]: start } });
  }

  async *read(cursors: Cursors, signal: AbortSignal): AsyncGenerator<ChangeBatch> {
    const stream = await this.#open(cursors[POSITION] ?? '');
    try {
      for await (const { changes, upTo, last } of stream.batches(signal)) {
        if (last !== null) await untilVisible(this.#pool, last, signal);
        if (signal.aborted) return;
        yield {
          changes,
          cursors: upTo === null ? {} : { [POSITION]: upTo },
          acknowledge: () => undefined,
        };
      }
    } finally {
      await stream.close();
    }
  }

  /** Does the log still go back to here, and is the server one that has been here? */
  async #reaches(position: string): Promise<boolean> {
    const stream = await this.#open(position);
    try {
      return await stream.answers();
    } finally {
      await stream.close();
    }
  }

  #open(position: string): Promise<BinlogStream> {
    return BinlogStream.open(this.#url, this.#name, position, this.#shapes);
  }
}

/** Begins to read at one moment. Gives the transactions that it sees. */
async function startSnapshot(reader: PoolConnection): Promise<string> {
  const [versions] = await reader.query<RowDataPacket[]>('SELECT VERSION() AS version');
  return /mariadb/i.test(String(versions[0]?.['version']))
    ? startMariaDbSnapshot(reader)
    : startMysqlSnapshot(reader);
}

/** MariaDB tells the very place of the snapshot. */
async function startMariaDbSnapshot(reader: PoolConnection): Promise<string> {
  await beginSnapshot(reader);
  const [status] = await reader.query<RowDataPacket[]>("SHOW STATUS LIKE 'binlog_snapshot_%'");
  const of = (name: string) =>
    status.find((row) => String(row['Variable_name']).toLowerCase() === name)?.['Value'];
  const place = [String(of('binlog_snapshot_file')), Number(of('binlog_snapshot_position'))];
  const [rows] = await reader.query<RowDataPacket[]>('SELECT BINLOG_GTID_POS(?, ?) AS gtid', place);
  return String(rows[0]?.['gtid'] ?? '');
}

/** MySQL does not: nothing may have been committed in between. Else changes are told that the snapshot has. */
async function startMysqlSnapshot(reader: PoolConnection): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    const before = await executed(reader);
    await beginSnapshot(reader);
    if (before === (await executed(reader)) || tries === MOST_TRIES) return before;
    await reader.query('COMMIT');
  }
}

async function executed(reader: PoolConnection): Promise<string> {
  const [rows] = await reader.query<RowDataPacket[]>('SELECT @@GLOBAL.gtid_executed AS gtid');
  return String(rows[0]?.['gtid'] ?? '').replaceAll(/\s/g, '');
}
