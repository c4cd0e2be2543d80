import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { register as registerRequire } from 'tsx/cjs/api';
import { register as registerImport } from 'tsx/esm/api';
import { ConfigInvalid } from './config-invalid.ts';
import { resolveOurselves } from './resolve-ourselves.ts';
import type { Connector } from './config.ts';
import { defineFromYaml } from './yaml/define-from-yaml.ts';

/** Reads a configuration: YAML, or the default export of TypeScript or JavaScript. */
export async function loadConfig(path: string): Promise<Connector> {
  const file = resolve(path);
  if (!existsSync(file)) throw new ConfigInvalid('config', `is not there: ${file}`);
  if (/\.ya?ml$/.test(file)) return defineFromYaml(file);
  understandTypeScript();
  const loaded = (await import(pathToFileURL(file).href)) as { default?: unknown };
  // A module that was compiled to CommonJS has its default one level deeper.
  const exported = unwrap(loaded.default);
  if (typeof exported !== 'object' || exported === null || !('source' in exported)) {
    throw new ConfigInvalid('config', 'exports the result of defineConnector as its default');
  }
  return exported as Connector;
}

/**
 * For the whole process: in a world of its own (`tsImport`) the configuration would load second
 * copies of packages that are here already, and some do not stand that. From source, tsx runs us.
 */
function understandTypeScript(): void {
  if (!import.meta.url.endsWith('.ts')) {
    registerRequire();
    registerImport();
  }
  resolveOurselves();
}

function unwrap(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'default' in value ? value.default : value;
}
