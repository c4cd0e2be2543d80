import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createJiti } from 'jiti';
import { ConfigInvalid } from './config-invalid.ts';
import type { Connector } from './config.ts';
import * as vocabulary from './vocabulary.ts';
import { defineFromYaml } from './yaml/define-from-yaml.ts';

const OURSELVES = '@carillon/connector';

/** Reads a configuration: YAML, or the default export of TypeScript or JavaScript. */
export async function loadConfig(path: string): Promise<Connector> {
  const file = resolve(path);
  if (!existsSync(file)) throw new ConfigInvalid('config', `is not there: ${file}`);
  if (/\.ya?ml$/.test(file)) return defineFromYaml(file);
  const exported = await loadModule(file);
  if (typeof exported !== 'object' || exported === null || !('source' in exported)) {
    throw new ConfigInvalid('config', 'exports the result of defineConnector as its default');
  }
  return exported as Connector;
}

/**
 * The default export of a module in TypeScript or JavaScript, ES or CommonJS. A configuration may lie in a folder where
 * nothing is installed: the name of this package means the program that reads it.
 */
async function loadModule(file: string): Promise<unknown> {
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    virtualModules: { [OURSELVES]: vocabulary },
  });
  return jiti.import(file, { default: true });
}
