import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { ImportView } from '@carillon/wire';
import { findBrokenRules, statement } from '@carillon/server';
import type { Database } from '@carillon/server';
import type { Benchmark } from '../benchmark.ts';
import { cpuOf, cpuOfServer } from '../cpu.ts';
import { callPlatform } from '../platform/call-platform.ts';
import type { CallPlatform } from '../platform/call-platform.ts';
import { startPlatform } from '../platform/start-platform.ts';
import type { Platform } from '../platform/start-platform.ts';
import { bareImportRate } from './bare-copy-store.ts';
import { COLUMNS, fileOf, rowOf } from './people-file.ts';

const ROWS = 1_000_000;
/** Before anything is measured: plans, compiled code, pages of the database. */
const WARM = 20_000;
const LOOK_MS = 50;

const logPlace = statement('bench.log-place', `select pg_current_wal_lsn() - '0/0' as bytes`);

export const importBenchmark: Benchmark = {
  about:
    'a CSV file of 15 columns: uploaded, imported, and a second one imported with one in five changed; beside the bare parser and one COPY into a table of texts (--rows N for fewer)',
  async run(bench) {
    const rows = bench.number('rows', ROWS);
    const { database, url } = await bench.database();
    const platform = await startPlatform(bench, url);
    const call = callPlatform(platform);
    bench.afterwards(() => call.close());
    const measured: Measured = { call, platform, database, rows };
    await run(measured, warmFile(rows));
    const before = await platform.peakRssMb();

    const bare = await bareImportRate(database, rows);
    bench.say(`bare parser and COPY: ${bare.toFixed(0)} rows/s`);
    const first = await measure(measured, false);
    bench.say(`upload: ${first.uploadRate.toFixed(0)} rows/s; import: ${told(first)}`);
    if (first.view.counts.created !== rows)
      bench.broken(`created ${JSON.stringify(first.view.counts)} of ${rows}`);
    const again = await measure(measured, true);
    bench.say(`again, ${again.view.counts.updated} changed: ${told(again)}`);
    const { created, updated, rejected } = again.view.counts;
    if (created > 0 || rejected > 0 || updated > Math.ceil(rows / 5)) {
      bench.broken(`the second import: ${JSON.stringify(again.view.counts)}`);
    }
    // Without statistics that look goes on for minutes.
    await database.run(statement('', 'analyze'));
    for (const { rule, rows: broken } of await findBrokenRules(database, platform.appId)) {
      bench.broken(`${broken} rows: ${rule}`);
    }
    return {
      rate_per_s: first.rate,
      ratio_to_baseline: first.rate / bare,
      upload_rate_per_s: first.uploadRate,
      again_rate_per_s: again.rate,
      bare_per_s: bare,
      rows,
      server_cpu_us: first.serverUs,
      database_cpu_us: first.databaseUs,
      log_bytes_a_row: first.logBytes,
      again_server_cpu_us: again.serverUs,
      again_database_cpu_us: again.databaseUs,
      peak_rss_mb: await platform.peakRssMb(),
      rss_mb_before: before,
    };
  },
};

/** People who are in no other file. */
function* warmFile(rows: number): Generator<Buffer> {
  yield Buffer.from(`${COLUMNS.join(',')}\r\n`);
  for (let n = 0; n < WARM; n += 1) yield Buffer.from(rowOf(rows + n));
}

interface Measured {
  readonly call: CallPlatform;
  readonly platform: Platform;
  readonly database: Database;
  readonly rows: number;
}

/** Microseconds and bytes are of a row, and of the import alone, without the upload. */
interface Measure {
  readonly view: ImportView;
  readonly rate: number;
  readonly uploadRate: number;
  readonly serverUs: number;
  readonly databaseUs: number;
  readonly logBytes: number;
  readonly peakRssMb: number;
}

function told({ rate, serverUs, databaseUs, logBytes, peakRssMb }: Measure): string {
  return `${rate.toFixed(0)} rows/s, server ${serverUs.toFixed(1)} µs a row, database ${databaseUs.toFixed(1)} µs, ${logBytes.toFixed(0)} bytes of its log, at most ${peakRssMb.toFixed(0)} MB so far`;
}

async function measure(measured: Measured, changed: boolean): Promise<Measure> {
  const { rows, platform } = measured;
  const { view, uploadMs, importMs, spent } = await run(measured, fileOf(rows, changed));
  return {
    view,
    rate: (rows / importMs) * 1_000,
    uploadRate: (rows / uploadMs) * 1_000,
    serverUs: spent.server / rows,
    databaseUs: spent.database / rows,
    logBytes: spent.log / rows,
    peakRssMb: await platform.peakRssMb(),
  };
}

async function run(measured: Measured, file: Iterable<Buffer>) {
  const { call, platform } = measured;
  const began = performance.now();
  const { id } = await upload(platform, file);
  const before = await spentBy(measured);
  const uploaded = performance.now();
  const path = `/apps/${platform.appId}/imports/${id}`;
  await call('POST', `${path}/start`, {});
  for (;;) {
    const view = await call<ImportView>('GET', path);
    if (view.state === 'done') {
      const importMs = performance.now() - uploaded;
      const after = await spentBy(measured);
      const spent = {
        server: after.server - before.server,
        database: after.database - before.database,
        log: after.log - before.log,
      };
      return { view, uploadMs: uploaded - began, importMs, spent };
    }
    if (view.state === 'failed') throw new Error(`the import failed: ${view.fault}`);
    await pause(LOOK_MS);
  }
}

/** Microseconds of CPU so far, and bytes of the database's log. */
async function spentBy({ platform, database }: Measured) {
  const [place] = await database.rows<{ bytes: string }>(logPlace);
  return {
    server: await cpuOf(platform.pid),
    database: await cpuOfServer(database),
    log: Number(place?.bytes),
  };
}

async function upload(platform: Platform, file: Iterable<Buffer>): Promise<ImportView> {
  const sent = request(`${platform.url}/apps/${platform.appId}/imports`, {
    method: 'POST',
    headers: { authorization: `Key ${platform.appKey}`, 'content-type': 'text/csv' },
  });
  Readable.from(file).pipe(sent);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const body = await text(answer);
  if (answer.statusCode !== 201) throw new Error(`the upload ended with ${answer.statusCode}: ${body}`);
  return JSON.parse(body) as ImportView;
}
