import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { check } from './check.ts';
import { readImports } from './read-imports.ts';
import { sourceFiles } from './source-files.ts';

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'architecture-'))));
afterEach(() => rmSync(root, { recursive: true }));

const identity = 'packages/server/src/modules/identity';
const messages = 'packages/server/src/modules/messages';

/** The names of the rules that a repository of these files breaks. */
async function broken(sources: Record<string, string>): Promise<string[]> {
  const all = {
    [`${identity}/index.ts`]: 'export const user = 1;',
    'tools/a/use.ts': "import './b.ts';",
    'tools/a/b.ts': '',
    ...sources,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const files = sourceFiles(root);
  const complaints = await check(root, files, await readImports(root, files));
  return complaints.map((complaint) => complaint.split(':')[0] ?? '');
}

describe('the architecture check', () => {
  it('is content with modules that use those before them through their front doors', async () => {
    const use = "import { user } from '../identity/index.ts'; export const message = user;";
    expect(await broken({ [`${messages}/index.ts`]: use })).toEqual([]);
  });

  it('reads type imports too, and refuses the way up', async () => {
    const types = "import type { Message } from '../messages/index.ts'; export type A = Message;";
    const files = { [`${messages}/index.ts`]: 'export type Message = 1;', [`${identity}/user.ts`]: types };
    expect(await broken(files)).toEqual(['identity-comes-before']);
  });

  it('refuses a way in beside the front door, of a module and of a part that has one', async () => {
    const files = {
      [`${identity}/alias.ts`]: 'export const alias = 1;',
      [`${messages}/index.ts`]: "import '../identity/alias.ts'; import './rendering/worker.ts';",
      [`${messages}/rendering/index.ts`]: '',
      [`${messages}/rendering/worker.ts`]: '',
    };
    expect(await broken(files)).toEqual(['front-doors', 'front-doors']);
  });

  it('refuses a module without a front door and one without a place in the order', async () => {
    expect(await broken({ 'packages/server/src/modules/bells/bell.ts': '' })).toEqual([
      'module-order',
      'front-doors',
    ]);
  });

  it('refuses cycles', async () => {
    const files = { [`${identity}/a.ts`]: "import './b.ts';", [`${identity}/b.ts`]: "import './a.ts';" };
    expect(await broken(files)).toEqual(['no-cycles']);
  });

  it('refuses imports of what does not exist', async () => {
    expect(await broken({ [`${identity}/a.ts`]: "import './gone.ts';" })).toEqual(['imports-resolve']);
  });

  it('keeps Node and the rest of ours out of wire', async () => {
    const files = {
      'packages/client/src/index.ts': '',
      'packages/wire/src/a.ts': "import 'node:fs'; import '../../client/src/index.ts';",
    };
    expect((await broken(files)).toSorted()).toEqual(
      ['front-doors', 'wire-knows-no-node', 'wire-stands-alone'].slice(1),
    );
  });

  it('keeps the domain out of platform', async () => {
    const files = { 'packages/server/src/platform/a.ts': "import '../modules/identity/index.ts';" };
    expect(await broken(files)).toEqual(['platform-knows-no-module']);
  });

  it('keeps the server and the test-kit out of the connector', async () => {
    const files = {
      'packages/server/src/index.ts': '',
      'packages/test-kit/src/index.ts': '',
      'packages/connector/src/a.ts':
        "import '../../server/src/index.ts'; import '../../test-kit/src/index.ts';",
    };
    const rules = await broken(files);
    expect(new Set(rules)).toEqual(new Set(['meet-the-server-in-wire', 'test-kit-is-for-tests']));
  });

  it('keeps the database out of a file with a unit test, its types excepted', async () => {
    const files = {
      'packages/server/src/platform/database/database.ts': 'export type A = 1; export const b = 1;',
      [`${identity}/typed.ts`]:
        "import type { A } from '../../platform/database/database.ts'; export type B = A;",
      [`${identity}/typed.test.ts`]: '',
      [`${identity}/rule.ts`]: "import { b } from '../../platform/database/database.ts'; export const c = b;",
      [`${identity}/rule.test.ts`]: '',
    };
    expect(await broken(files)).toEqual(['pure-files']);
  });

  it('finds statements outside the stores, and leaves plain English alone', async () => {
    const files = {
      [`${identity}/user-store.ts`]: 'export const a = `select 1 from users`;',
      [`${identity}/a.ts`]: 'export const a = `\n  select id\n  from users where id = $1`;',
      [`${identity}/b.ts`]: "export const b = ['Select a user', 'with love as always', 'update the user'];",
    };
    expect(await broken(files)).toEqual(['sql-in-stores']);
  });
});
