import { fork } from 'node:child_process';
import type { ChildProcess, ForkOptions } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';

/**
 * Starts one of our own files as a worker thread. `file` is written as in an import and belongs to
 * the module `from`: `startThread('./render-thread.ts', import.meta.url, { workerData })`. Works from
 * source (tsx, vitest) and from the built `dist` alike.
 */
export function startThread(
  file: `./${string}.ts`,
  from: string,
  options: Omit<WorkerOptions, 'argv' | 'execArgv' | 'eval'> = {},
): Worker {
  const url = locate(file, from);
  if (!isSource(url)) return new Worker(url, { ...options, execArgv: [] });
  const entry = new URL('./source-thread.mjs', import.meta.url);
  return new Worker(entry, { ...options, argv: [url.href], execArgv: ['--conditions=source'] });
}

/** Starts one of our own files as a process of its own; otherwise as `startThread`. */
export function forkFile(
  file: `./${string}.ts`,
  from: string,
  args: readonly string[] = [],
  options: Omit<ForkOptions, 'execArgv' | 'execPath'> = {},
): ChildProcess {
  const url = locate(file, from);
  // Given in full, not inherited: under vitest the parent's own options name no loader.
  const execArgv = isSource(url) ? ['--conditions=source', '--import', loader()] : [];
  return fork(fileURLToPath(url), [...args], { ...options, execArgv });
}

/** The compiler rewrites `.ts` in imports, not in strings: a built module's neighbours end in `.js`. */
function locate(file: string, from: string): URL {
  return new URL(from.endsWith('.ts') ? file : file.replace(/\.ts$/, '.js'), from);
}

function isSource(url: URL): boolean {
  return url.pathname.endsWith('.ts');
}

/** Resolved from here: the bare name would be looked for in the working directory. */
function loader(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}
