import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface BuiltModule {
  /** Runs with plain Node. */
  readonly module: URL;
  /** That it lies in, alone. */
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Compiles a module that is started often, so that it starts as fast as it does for those who use it. Packages stay
 * outside, where this repository has them; `alias` names those that go in, and where their source is.
 */
export async function buildModule(
  source: URL,
  alias: Readonly<Record<string, URL>> = {},
): Promise<BuiltModule> {
  // Most who use this package build nothing.
  const { build } = await import('esbuild');
  const folder = await mkdtemp(join(tmpdir(), 'carillon-built-'));
  await build({
    entryPoints: [fileURLToPath(source)],
    bundle: true,
    splitting: true,
    packages: 'external',
    alias: Object.fromEntries(Object.entries(alias).map(([name, url]) => [name, fileURLToPath(url)])),
    platform: 'node',
    format: 'esm',
    outdir: folder,
    logLevel: 'error',
  });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}\n');
  const installed = dirname(dirname(createRequire(import.meta.url).resolve('pg/package.json')));
  await symlink(installed, join(folder, 'node_modules'));
  return {
    module: pathToFileURL(join(folder, `${basename(source.pathname, '.ts')}.js`)),
    folder,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
