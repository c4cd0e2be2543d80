import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const MOST_MB = 15;
const PACKAGES = new URL('../../../', import.meta.url);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-base-install-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a package asks for, and the packages of this repository that it names do; no optional parts. */
async function dependenciesOf(name: string): Promise<Readonly<Record<string, string>>> {
  const { dependencies = {} } = JSON.parse(
    await readFile(new URL(`${name}/package.json`, PACKAGES), 'utf8'),
  ) as { readonly dependencies?: Readonly<Record<string, string>> };
  const asked: Record<string, string> = {};
  for (const [dependency, version] of Object.entries(dependencies)) {
    const ours = /^@carillon\/(.+)$/.exec(dependency)?.[1];
    Object.assign(asked, ours === undefined ? { [dependency]: version } : await dependenciesOf(ours));
  }
  return asked;
}

/** On the disk, which gives each file whole blocks. */
async function megabytesOf(within: string): Promise<number> {
  const entries = await readdir(within, { recursive: true });
  const sizes = await Promise.all(
    entries.map(async (entry) => (await stat(join(within, entry))).blocks * 512),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20;
}

it(
  'a first install is small: drivers and readers that not everybody needs are parts to add',
  { timeout: 120_000 },
  async () => {
    const dependencies = await dependenciesOf('connector');
    expect(dependencies).toHaveProperty('pg');
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    await promisify(execFile)('npm', ['install', ...options], { cwd: folder });
    expect(await megabytesOf(join(folder, 'node_modules'))).toBeLessThan(MOST_MB);
  },
);
