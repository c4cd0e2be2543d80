import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Benchmark } from '../benchmark.ts';
import { cpuOf } from '../cpu.ts';
import { callPlatform } from '../platform/call-platform.ts';
import { fillAudience } from '../platform/fill-audience.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { copyThroughGzip } from './bare-copy-store.ts';

const SUBSCRIPTIONS = 1_000_000;
const POLL_MS = 100;

interface View {
  readonly state: string;
  readonly rows: number;
  readonly bytes: number | null;
  readonly url: string;
}

export const exportBenchmark: Benchmark = {
  about:
    'an export of subscriptions as gzip CSV with 20 columns, from the request to the file that can be fetched, and its download; beside COPY TO of the same rows and columns through gzip (--subscriptions N for fewer)',
  async run(bench) {
    const count = bench.number('subscriptions', SUBSCRIPTIONS);
    const { database, url } = await bench.database();
    const platform = await startPlatform(bench, url);
    const call = callPlatform(platform);
    bench.afterwards(() => call.close());
    await fillAudience(database, platform.appId, count);
    const rssBefore = await platform.peakRssMb();

    const bare = await copyThroughGzip(database, platform.appId);
    bench.say(`COPY TO through gzip: ${(count / bare.seconds).toFixed(0)} rows/s, ${bare.bytes} bytes`);

    const cpu = await cpuOf(platform.pid);
    const start = performance.now();
    const path = `/apps/${platform.appId}/exports`;
    const { id } = await call<{ id: string }>('POST', path, { kind: 'subscriptions', columns: COLUMNS });
    let view: View;
    for (;;) {
      view = await call<View>('GET', `${path}/${id}`);
      if (view.state !== 'queued' && view.state !== 'running') break;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    const seconds = (performance.now() - start) / 1_000;
    if (view.state !== 'ready' || view.rows !== count) bench.broken(`the export is ${JSON.stringify(view)}`);
    bench.say(`export: ${(count / seconds).toFixed(0)} rows/s, ${view.bytes} bytes`);
    const serverUs = ((await cpuOf(platform.pid)) - cpu) / count;

    const downloading = performance.now();
    const lines = await download(view.url);
    const downloadS = (performance.now() - downloading) / 1_000;
    if (lines !== count + 1) bench.broken(`the file has ${lines} lines, not ${count + 1}`);
    return {
      rate_per_s: count / seconds,
      ratio_to_baseline: bare.seconds / seconds,
      bare_copy_gzip_per_s: count / bare.seconds,
      subscriptions: count,
      file_mb: (view.bytes ?? 0) / 1e6,
      download_mb_per_s: (view.bytes ?? 0) / 1e6 / downloadS,
      server_cpu_us: serverUs,
      peak_rss_mb: await platform.peakRssMb(),
      rss_mb_before: rssBefore,
    };
  },
};

const COLUMNS = [
  'id',
  'identifier',
  'session_count',
  'language',
  'game_version',
  'device_os',
  'device_type',
  'device_model',
  'tags',
  'last_active',
  'playtime',
  'amount_spent',
  'created_at',
  'invalid_identifier',
  'external_user_id',
  'onesignal_id',
  'country',
  'notification_types',
  'timezone_id',
  'type',
];

/** How many lines the file at `url` has. */
async function download(url: string): Promise<number> {
  const answer = await fetch(url);
  if (!answer.ok || answer.body === null) throw new Error(`${url}: ${answer.status}`);
  let lines = 0;
  await pipeline(Readable.fromWeb(answer.body as never), createGunzip(), async (parts) => {
    for await (const part of parts as AsyncIterable<Buffer>) {
      for (let at = part.indexOf(10); at !== -1; at = part.indexOf(10, at + 1)) lines += 1;
    }
  });
  return lines;
}
