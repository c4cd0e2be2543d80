import pg from 'pg';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { load } from './users-api/load.ts';
import { Requests } from './users-api/requests.ts';
import { Database } from '@carillon/server';
import { startCpuMeter, cpuOf } from './cpu.ts';
const admin = new pg.Client('postgres://postgres@127.0.0.1:5499/postgres');
await admin.connect();
await admin.query('drop database if exists prof');
await admin.query('create database prof template template0 locale_provider builtin builtin_locale \'C.UTF-8\' locale \'C\'');
const url = 'postgres://postgres@127.0.0.1:5499/prof';
const env = {
  ...process.env,
  DATABASE_URL: url,
  CARILLON_MASTER_KEY: randomBytes(32).toString('base64'),
  CARILLON_PORT: '0',
  CARILLON_SANDBOX: 'false',
  CARILLON_LOG_LEVEL: 'warn',
};
const child = spawn(
  process.execPath,
  [...(process.env.NODE_FLAGS?.split(' ') ?? []), 'packages/server/dist/main.js', 'start'],
  { env, stdio: ['ignore', 'pipe', 'inherit'], cwd: '/work/main' },
);
const said = new Map<string, string>();
for await (const line of createInterface(child.stdout)) {
  const [, name, value] = /^ {2}(API|App id|API key) +(\S+)$/.exec(line) ?? [];
  if (name) said.set(name, value!);
  if (name === 'API key') break;
}
child.stdout.resume();
const database = new Database({ url, connections: 2, applicationName: 'prof', settings: {} });
const c = new pg.Client(url);
await c.connect();
await c.query('create extension if not exists pg_stat_statements');
const requests = new Requests({ appId: said.get('App id')!, appKey: said.get('API key')! } as never);
const plan = (process.argv[2] ?? 'create:4,create:4,analyze,update:4,update:4').split(',');
for (const step of plan) {
  const [kind, secs] = step.split(':');
  if (kind === 'analyze') {
    await c.query('vacuum analyze');
    console.log('analyzed');
    continue;
  }
  if (kind === 'explain') {
    await c.query(`alter system set auto_explain.log_min_duration = ${secs}`);
    await c.query('select pg_reload_conf()');
    continue;
  }
  if (kind === 'top') {
    const r = await c.query(
      "select calls, round(total_exec_time::numeric,1) as ms, round((total_exec_time/greatest(calls,1))::numeric,3) as each, round(total_plan_time::numeric,1) as plan, rows, shared_blks_hit as hit, left(regexp_replace(query, '\\s+', ' ', 'g'), 140) as q from pg_stat_statements order by total_exec_time desc limit " +
        (secs ?? 24),
    );
    for (const x of r.rows) console.log(x.calls, x.ms, x.each, 'plan', x.plan, 'hit', x.hit, x.q);
    continue;
  }
  await c.query('select pg_stat_statements_reset()');
  if (kind === 'bulk') {
    const n = Number(secs) * 1000;
    const { sendBulk } = await import('./users-bulk/send.ts');
    const { pieces, lineOf, person } = await import('./users-bulk/people.ts');
    const platform = { url: said.get('API')!, appId: said.get('App id')!, appKey: said.get('API key')! } as never;
    const stop = await startCpuMeter(database); const s0 = await cpuOf(child.pid!); const own = process.cpuUsage(); const t0 = performance.now();
    const base = (globalThis as any).base ?? 0; (globalThis as any).base = base + n;
    const perf = process.env.PERF ? spawn('perf', ['record', '-a', '-F', '299', '-g', '-o', '/tmp/perf.data', '--', 'sleep', '8'], { stdio: 'ignore' }) : null;
    await sendBulk(platform, pieces(n, (k) => lineOf(person(base + k))));
    const ms = performance.now() - t0; const all = await stop(); const { user, system } = process.cpuUsage(own);
    console.log('bulk', n, (n / ms * 1000).toFixed(0), '/s load', ((user + system) / n).toFixed(1), 'server', (((await cpuOf(child.pid!)) - s0) / n).toFixed(1), 'db', ((all - user - system) / n).toFixed(1), 'wall x2', (2000 * ms / n).toFixed(1));
    if (perf && perf.exitCode === null) await new Promise((r) => perf.on('exit', r));
    continue;
  }
  const stop = await startCpuMeter(database);
  const s0 = await cpuOf(child.pid!);
  const own = process.cpuUsage();
  const r = await load({
    urls: [said.get('API')!],
    connections: 100,
    seconds: Number(secs),
    next: () => (requests as any)[kind!](),
  });
  const all = await stop();
  const { user, system } = process.cpuUsage(own);
  console.log(
    kind,
    r.rate.toFixed(0),
    '/s p50',
    r.p50.toFixed(1),
    'p99',
    r.p99.toFixed(1),
    'load',
    ((user + system) / r.requests).toFixed(0),
    'server',
    (((await cpuOf(child.pid!)) - s0) / r.requests).toFixed(0),
    'db',
    ((all - user - system) / r.requests).toFixed(0),
  );
}
await c.query('alter system reset auto_explain.log_min_duration');
await c.query('select pg_reload_conf()');
child.kill('SIGTERM');
await c.end();
await database.end();
await admin.end();
