import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { messageEventsTable } from '@carillon/connector';
import { Child } from '@carillon/test-kit';
import type { Benchmark } from '../benchmark.ts';
import { bareInsertRate, countRows, makeTable } from './bare-insert-store.ts';
import { postAll } from './post-events.ts';
import type { ReceiveSettings } from './receive-process.ts';

const EVENTS = 1_000_000;
const PER_REQUEST = 100;
const CONNECTIONS = 16;
const PORT = 4189;
const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes, yes').toString('base64')}`;

export const connectorReturn: Benchmark = {
  about:
    'signed webhooks of message events into a table, each event told twice, the receiver killed twice; beside the same rows in bare INSERTs of 1,000 (--events N, --per-request N, --connections N)',
  async run(bench) {
    const events = bench.number('events', EVENTS);
    const perRequest = bench.number('per-request', PER_REQUEST);
    const connections = bench.number('connections', CONNECTIONS);
    const { url } = await bench.database();
    const home = mkdtempSync(join(tmpdir(), 'carillon-return-'));
    bench.afterwards(async () => rmSync(home, { recursive: true, force: true }));
    await makeTable(url, messageEventsTable());
    const bare = await bareInsertRate(url, events);
    bench.say(`bare INSERT: ${bare.toFixed(0)} rows/s`);

    const settings: ReceiveSettings = { databaseUrl: url, home, port: PORT, secret: SECRET };
    const seen = { written: 0, posted: false };
    const start = () => {
      const child = new Child(new URL('./receive-process.ts', import.meta.url), [JSON.stringify(settings)]);
      child.listen((report) => {
        if (isReturned(report)) seen.written += report.events;
      });
      return child;
    };
    let child = start();
    bench.afterwards(() => child.kill());
    const began = performance.now();
    const target = `http://127.0.0.1:${PORT}/events`;
    const posting = postAll({ url: target, secret: SECRET, events, perRequest, connections });
    void posting.then(() => (seen.posted = true));
    for (const share of [1 / 3, 2 / 3]) {
      const isDue = () => seen.posted || seen.written >= events * share;
      while (!isDue()) await pause(20);
      await child.kill();
      child = start();
    }
    const tries = await posting;
    const answered = performance.now() - began;
    let rows = await countRows(url);
    for (const deadline = Date.now() + 120_000; rows < events && Date.now() < deadline;) {
      await pause(20);
      rows = await countRows(url);
    }
    const took = performance.now() - began;
    if (rows !== events) bench.broken(`${rows} rows of ${events} events`);
    const rate = (events / took) * 1000;
    bench.say(`${events} events, each told twice: ${rate.toFixed(0)} new rows/s, ${tries} requests`);
    return {
      rate_per_s: rate,
      ratio_to_baseline: rate / bare,
      told_per_s: ((events * 2) / answered) * 1000,
      bare_insert_per_s: bare,
      events,
      rows,
      requests: tries,
    };
  },
};

function isReturned(report: unknown): report is { readonly events: number } {
  return typeof report === 'object' && report !== null && 'kind' in report && report.kind === 'returned';
}
