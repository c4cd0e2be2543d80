import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  begin,
  committed,
  deleted,
  formatDescription,
  gtid,
  inserted,
  rotate,
  tableMap,
  updated,
} from '../../fixtures/mysql8/binlog-events.ts';
import { Mysql8Server } from '../../fixtures/mysql8/mysql8-server.ts';
import type { Change } from '../../model/transition.ts';
import { BinlogStream } from './binlog-stream.ts';
import { obstacle, readCapabilities } from './capabilities.ts';
import { openPool } from './open-pool.ts';
import type { TableShape } from './table-shape.ts';
import { untilVisible } from './visibility.ts';

const SERVER = '3e11fa47-71ca-11e1-9e33-c80aa9429562';
const LINES: TableShape = {
  name: 'public.lines',
  database: 'shop',
  table: 'lines',
  columns: new Map([
    ['order_id', 'int'],
    ['line', 'int'],
    ['customer_id', 'bigint'],
    ['status', 'varchar(40)'],
  ]),
  key: ['order_id', 'line'],
};
const VERSION = { 'SELECT VERSION()': [{ version: '8.4.3', user: 'carillon@%' }] };
/** As MySQL 8.4 comes, with GTIDs turned on. */
const SETTINGS = [
  { Variable_name: 'binlog_format', Value: 'ROW' },
  { Variable_name: 'binlog_row_image', Value: 'FULL' },
  { Variable_name: 'binlog_row_value_options', Value: '' },
  { Variable_name: 'binlog_transaction_compression', Value: 'OFF' },
  { Variable_name: 'gtid_mode', Value: 'ON' },
  { Variable_name: 'log_bin', Value: 'ON' },
];

let server: Mysql8Server;
const closers: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  server = await Mysql8Server.start();
  closers.push(() => server.stop());
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function follow(): Promise<BinlogStream> {
  const stream = await BinlogStream.open(
    server.url,
    'carillon_shop',
    `${SERVER}:1-5`,
    new Map([[LINES.name, LINES]]),
  );
  closers.push(() => stream.close());
  return stream;
}

async function pool() {
  const opened = await openPool(server.url, 1);
  closers.push(() => opened.end());
  return opened;
}

function transaction(name: Buffer, ...events: readonly Buffer[]): Buffer[] {
  return [name, begin(), ...events, committed()];
}

it.each(['MINIMAL', 'FULL'] as const)(
  'follows the log by the names of its transactions, with binlog_row_metadata = %s',
  async (metadata) => {
    server.answers = { ...VERSION, 'select @@GLOBAL.binlog_checksum': [{ checksum: 'CRC32' }] };
    const [first, next, gone] = [
      [7, 1, 9_007_199_254_740_993n, 'new'],
      [7, 1, 9_007_199_254_740_993n, 'shipped'],
      [7, 2, 4n, null],
    ] as const;
    server.log = [
      rotate('binlog.000002'),
      formatDescription('8.4.3'),
      transaction(gtid(SERVER, 6), tableMap(metadata), inserted(first)),
      transaction(gtid(SERVER, 7), tableMap(metadata), updated(first, next), deleted(gone)),
    ].flat();
    const stream = await follow();
    const changes: Change[] = [];
    const files = new Set<string | undefined>();
    let kept: string | null = null;
    for await (const batch of stream.batches(AbortSignal.timeout(30_000))) {
      changes.push(...batch.changes);
      kept = batch.upTo ?? kept;
      if (batch.changes.length > 0) files.add(batch.last?.file);
      if (kept === `${SERVER}:1-7`) break;
    }
    const row = { order_id: 7, line: 1, customer_id: '9007199254740993' };
    expect(changes).toMatchObject([
      { kind: 'insert', key: ['7', '1'], row: { ...row, status: 'new' }, before: null },
      {
        kind: 'update',
        key: ['7', '1'],
        row: { ...row, status: 'shipped' },
        before: { ...row, status: 'new' },
      },
      { kind: 'delete', key: ['7', '2'], row: { customer_id: '4', status: null } },
    ]);
    expect([...files]).toEqual(['binlog.000002']);
    // One server, with one interval: 1 up to and without 6.
    expect(server.left.toString('hex')).toBe(
      `0100000000000000${SERVER.replaceAll('-', '')}010000000000000001000000000000000600000000000000`,
    );
  },
);

it('knows that the transactions which come next are gone from the log', async () => {
  server.answers = { ...VERSION, 'select @@GLOBAL.binlog_checksum': [{ checksum: 'CRC32' }] };
  server.refusal = {
    errno: 1236,
    message: 'Cannot replicate because the source purged required binary logs.',
  };
  expect(await (await follow()).answers()).toBe(false);
});

it('waits until a transaction is in the set of those that are committed', async () => {
  server.answers = { 'SELECT GTID_SUBSET': [{ seen: '0' }] };
  const place = { file: 'binlog.000002', position: 4000, transaction: `${SERVER}:7` };
  const waited = untilVisible(await pool(), place, new AbortController().signal);
  await expect.poll(() => server.statements.length).toBeGreaterThan(1);
  server.answers = { 'SELECT GTID_SUBSET': [{ seen: '1' }] };
  await waited;
  expect(server.statements).toContain(`SELECT GTID_SUBSET('${SERVER}:7', @@GLOBAL.gtid_executed) AS seen`);
});

it('reads rights that come from a role, which are told only where it is named', async () => {
  server.answers = {
    ...VERSION,
    'SHOW GLOBAL VARIABLES': SETTINGS,
    'SELECT CURRENT_ROLE()': [{ roles: '`reader`@`%`' }],
    'SHOW GRANTS FOR CURRENT_USER() USING `reader`@`%`': [
      { grants: 'GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO `carillon`@`%`' },
    ],
    'SHOW GRANTS': [{ grants: 'GRANT USAGE ON *.* TO `carillon`@`%`' }],
  };
  const found = await readCapabilities(await pool());
  expect(found).toMatchObject({ version: '8.4.3', isMariaDb: false, named: true, replicates: true });
  expect(obstacle(found)).toBeNull();
});

it.each([
  ['binlog_transaction_compression', 'ON'],
  ['binlog_row_value_options', 'PARTIAL_JSON'],
])('says of a log that cannot be read that it is %s', async (name, Value) => {
  server.answers = {
    ...VERSION,
    'SHOW GLOBAL VARIABLES': SETTINGS.map((one) => (one.Variable_name === name ? { ...one, Value } : one)),
    'SELECT CURRENT_ROLE()': [{ roles: 'NONE' }],
    'SHOW GRANTS': [{ grants: 'GRANT REPLICATION SLAVE ON *.* TO `carillon`@`%`' }],
  };
  expect(obstacle(await readCapabilities(await pool()))).toMatchObject({
    detail: expect.stringContaining(name),
    fix: expect.stringContaining(`SET GLOBAL ${name} = DEFAULT`),
  });
});

it('says that GTIDs are off, and takes a server without binlog_format for one that logs rows', async () => {
  server.answers = {
    ...VERSION,
    'SHOW GLOBAL VARIABLES': SETTINGS.filter(({ Variable_name }) => Variable_name !== 'binlog_format').map(
      (one) => (one.Variable_name === 'gtid_mode' ? { ...one, Value: 'OFF' } : one),
    ),
    'SELECT CURRENT_ROLE()': [{ roles: 'NONE' }],
    'SHOW GRANTS': [{ grants: 'GRANT REPLICATION SLAVE ON *.* TO `carillon`@`%`' }],
  };
  expect(obstacle(await readCapabilities(await pool()))).toMatchObject({ detail: 'gtid_mode is not ON' });
});
