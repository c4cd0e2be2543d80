import { readFile } from 'node:fs/promises';

/** Memory that a process holds now, in megabytes. Linux only. */
export function rssMbOf(pid: number): Promise<number> {
  return read(pid, 'VmRSS');
}

/** The most that it has held so far. */
export function peakRssMbOf(pid: number): Promise<number> {
  return read(pid, 'VmHWM');
}

async function read(pid: number, name: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
}
