import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigInvalid } from './config-invalid.ts';
import { loadConfig } from './load-config.ts';

const MODULE = `import { email as said } from '@carillon/connector';
export default { source: said('address').type };`;
const COMMON = `const { email } = require('@carillon/connector');
module.exports = { source: email('address').type };`;
const TYPED = `import { email } from '@carillon/connector';
import { address } from './columns';
const type: string = email(address).type;
export default { source: type };`;

let folder: string;
beforeAll(async () => {
  // Nothing is installed here.
  folder = await mkdtemp(join(tmpdir(), 'carillon-config-'));
  await writeFile(join(folder, 'columns.ts'), `export const address: string = 'address';`);
});
afterAll(() => rm(folder, { recursive: true }));

async function load(name: string, text: string): Promise<object> {
  await writeFile(join(folder, name), text);
  return loadConfig(join(folder, name));
}

describe('a configuration in a folder where nothing is installed', () => {
  it.each([
    ['config.ts', TYPED],
    ['config.mts', MODULE],
    ['config.js', MODULE],
    ['config.mjs', MODULE],
    ['config.cjs', COMMON],
  ])('is read as %s', async (name, text) => {
    expect(await load(name, text)).toEqual({ source: 'Email' });
  });

  it('is refused where it exports something else, and where it is not there', async () => {
    await expect(load('other.ts', 'export default 7;')).rejects.toThrow(ConfigInvalid);
    await expect(loadConfig(join(folder, 'none.ts'))).rejects.toThrow('is not there');
  });
});
