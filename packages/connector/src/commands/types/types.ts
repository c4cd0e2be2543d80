import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadConfig } from '../../config/load-config.ts';
import type { Connector } from '../../config/config.ts';
import type { SourceTable } from '../../model/source.ts';
import { openSource } from '../../sources/open-source.ts';
import { EXIT } from '../exit-code.ts';
import { writeTypes } from './write-types.ts';

export interface TypesOptions {
  readonly config: string;
  readonly json: boolean;
  readonly out?: string;
  readonly check: boolean;
}

/** Where the types go when nobody says: beside the configuration. */
export const TYPES_FILE = join('generated', 'tables.ts');

/** `types`: the tables' rows as TypeScript. With `--check` only says whether the file is as it should be. */
export async function types({ config, json, out, check }: TypesOptions): Promise<number> {
  const file = out ?? join(dirname(config), TYPES_FILE);
  const text = writeTypes(await readTables(await loadConfig(config)));
  const same = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (!check && !same) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const said = same ? 'is as the tables are' : check ? 'is not as the tables are: run types' : 'written';
  process.stdout.write(`${json ? JSON.stringify({ file, changed: !same }) : `${file} ${said}`}\n`);
  return check && !same ? EXIT.planFoundChanges : EXIT.done;
}

async function readTables(connector: Connector): Promise<readonly SourceTable[]> {
  const source = await openSource(connector);
  try {
    return await source.tables();
  } finally {
    await source.close();
  }
}
