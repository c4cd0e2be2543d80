import { readFile } from 'node:fs/promises';
import { statement } from '@carillon/server';
import type { Queryable } from '@carillon/server';

const backends = statement(
  'bench.backends',
  `select pid from pg_stat_activity where datname = current_database()`,
);

const servers = statement('bench.server-processes', `select pid from pg_stat_activity`);

/** Linux counts in hundredths of a second. */
const TICK_US = 10_000;

/**
 * Microseconds of CPU that this process and the database's backends spend: what a rate costs, also on
 * a machine that is busy with something else. Call what it returns when the work is done. Backends are
 * counted only when the server runs on this machine, and while their connections last.
 */
export async function startCpuMeter(database: Queryable): Promise<() => Promise<number>> {
  const own = process.cpuUsage();
  const before = await backendTimes(database);
  return async () => {
    const { user, system } = process.cpuUsage(own);
    const after = await backendTimes(database);
    let theirs = 0;
    for (const [pid, ticks] of after) theirs += ticks - (before.get(pid) ?? 0);
    return user + system + theirs * TICK_US;
  };
}

/**
 * Microseconds of CPU that the processes of the database's server have spent so far, its own ones too: who writes the
 * log and checkpoints. Those that have ended are not counted: compare two numbers while connections last.
 */
export async function cpuOfServer(database: Queryable): Promise<number> {
  const rows = await database.rows<{ pid: number }>(servers);
  const times = await Promise.all(rows.map(({ pid }) => cpuOf(pid)));
  return times.reduce((sum, time) => sum + time, 0);
}

/** Microseconds of CPU that a process of this machine has spent so far. */
export async function cpuOf(pid: number): Promise<number> {
  return (await ticksOf(pid)) * TICK_US;
}

async function backendTimes(database: Queryable): Promise<Map<number, number>> {
  const rows = await database.rows<{ pid: number }>(backends);
  const times = await Promise.all(rows.map(async ({ pid }) => [pid, await ticksOf(pid)] as const));
  return new Map(times);
}

/** User and system time, the 14th and 15th field; the second is the name in parentheses. */
async function ticksOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}
