import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export interface BuiltSender {
  /** Runs with plain Node. */
  readonly module: URL;
  remove(): Promise<void>;
}

/** Bundled CommonJS packages ask for parts of Node by `require`, which a module does not have. */
const REQUIRE = "import { createRequire as from } from 'node:module'; const require = from(import.meta.url);";

/**
 * Bundles `sender-process.ts`, so that it starts in a tenth of the time that it takes from source: a
 * worker that lives for a second must not spend it on loading modules.
 */
export async function buildSender(): Promise<BuiltSender> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-chaos-'));
  const server = pathToFileURL(createRequire(import.meta.url).resolve('@carillon/server'));
  const renderProcess = new URL('./modules/messages/rendering/render-process.ts', server);
  await build({
    entryPoints: {
      'sender-process': fileURLToPath(new URL('./sender-process.ts', import.meta.url)),
      // The renderer starts it as a file beside the one it is in itself.
      'render-process': fileURLToPath(renderProcess),
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    external: ['pg-native'],
    banner: { js: REQUIRE },
    outdir: folder,
    logLevel: 'error',
  });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}\n');
  return {
    module: pathToFileURL(join(folder, 'sender-process.js')),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
