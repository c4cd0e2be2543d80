import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import { defineConnector } from '../../config/define-connector.ts';
import type { SourceConfig } from '../../config/source-config.ts';
import type { SourceTable } from '../../model/source.ts';
import { openSource } from '../../sources/open-source.ts';
import { EXIT } from '../exit-code.ts';
import { TYPES_FILE } from '../types/types.ts';
import { writeTypes } from '../types/write-types.ts';
import { guessShop } from './guess-shop.ts';
import type { Guess } from './guess-shop.ts';
import { leastGrants } from './least-grants.ts';
import { sourceOfUrl } from './source-of-url.ts';
import { writeConfig } from './write-config.ts';

export interface InitOptions {
  readonly config: string;
  readonly source?: string;
  /** The table of users, where the guess would be another. */
  readonly users?: string;
  readonly force: boolean;
}

/** `init`: looks at the database and proposes a configuration, row types and grants. Writes no table. */
export async function init({ config, source, users, force }: InitOptions): Promise<number> {
  const address = source ?? process.env['DATABASE_URL'];
  if (address === undefined) throw new ConfigInvalid('--source', 'is missing, and so is DATABASE_URL');
  const typesFile = join(dirname(config), TYPES_FILE);
  for (const file of [config, typesFile]) {
    if (existsSync(file) && !force) {
      throw new ConfigInvalid(file, 'is there already: say --force to write it anew');
    }
  }
  const { config: settings, call, database } = sourceOfUrl(address);
  const tables = await readTables(settings);
  const guess = guessIn(tables, users);
  const name = database
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, '_')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40);
  const text = writeConfig({
    name: name === '' ? 'carillon' : name,
    source: { call, imports: settings.kind },
    typesFile: 'generated/tables.ts',
    guess,
  });
  mkdirSync(dirname(typesFile), { recursive: true });
  writeFileSync(typesFile, writeTypes(tables));
  writeFileSync(config, text);
  process.stdout.write(told(config, typesFile, tables, guess, leastGrants(settings.kind, guess, database)));
  return EXIT.done;
}

async function readTables(source: SourceConfig): Promise<readonly SourceTable[]> {
  const nowhere = { url: 'http://127.0.0.1:1', appId: 'none', apiKey: 'none' };
  const opened = await openSource(defineConnector({ source, target: nowhere }));
  try {
    return await opened.tables();
  } finally {
    await opened.close();
  }
}

function guessIn(tables: readonly SourceTable[], users: string | undefined): Guess {
  const named = tables.find(({ name }) => name === users);
  if (users !== undefined && named === undefined) {
    throw new ConfigInvalid('--users', `names no table that this login may read: ${users}`);
  }
  const guess = guessShop(tables, named);
  if (guess === null) {
    const names = tables.map(({ name }) => name).join(', ');
    throw new ConfigInvalid(
      '--users',
      `names the table of users: none was found among ${names === '' ? 'no tables' : names}`,
    );
  }
  return guess;
}

function told(
  config: string,
  types: string,
  tables: readonly SourceTable[],
  guess: Guess,
  grants: string,
): string {
  const { table, email, phone, emailConsent } = guess.users;
  return `${tables.length} tables; users are taken from ${table.name} by ${guess.users.key}
  email ${email ?? 'not found'}, phone ${phone ?? 'not found'}, consent ${emailConsent ?? 'not found: nobody is written to until you say who may be'}
written ${config}
written ${types}
${grants === '' ? '' : `\nA login with the least it needs, for somebody to run who may:\n\n${grants}\n`}
Next: set DATABASE_URL, CARILLON_URL, CARILLON_APP_ID and CARILLON_API_KEY; then check, and plan.
`;
}
