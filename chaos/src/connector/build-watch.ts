import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export interface BuiltWatch {
  /** Runs with plain Node, on the built packages. */
  readonly module: URL;
  remove(): Promise<void>;
}

/**
 * Compiles `watch-process.ts`, so that it starts as fast as it does for those who use it: a process that
 * lives for seconds must not spend them on compiling.
 */
export async function buildWatch(): Promise<BuiltWatch> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-chaos-'));
  await build({
    entryPoints: [fileURLToPath(new URL('./watch-process.ts', import.meta.url))],
    platform: 'node',
    format: 'esm',
    outdir: folder,
    logLevel: 'error',
  });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}\n');
  const installed = dirname(dirname(createRequire(import.meta.url).resolve('pg/package.json')));
  await symlink(installed, join(folder, 'node_modules'));
  return {
    module: pathToFileURL(join(folder, 'watch-process.js')),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
