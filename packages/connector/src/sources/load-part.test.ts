import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadPart, PARTS } from './load-part.ts';

interface Package {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, object>>;
}

const { dependencies, devDependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as Package;
const parts = Object.entries(peerDependencies);
const missing = () => import(/* @vite-ignore */ ['no-such', 'part'].join('-')) as Promise<unknown>;
const broken = () => Promise.reject(new SyntaxError('Unexpected token'));

it('knows every part that the package asks for, and no other', () => {
  const asked = parts.map(([name, version]) => `${name}@${version}`);
  expect(Object.values(PARTS).flat().toSorted()).toEqual(asked.toSorted());
});

it.each(parts)('%s is optional', (name) => {
  expect(peerDependenciesMeta[name]).toEqual({ optional: true });
  expect(dependencies).not.toHaveProperty([name]);
});

// Of better-sqlite3 only the types are here: its tests build it as they begin.
it.each(parts.filter(([name]) => name !== 'better-sqlite3'))('%s is tested as told: %s', (name, version) => {
  expect(devDependencies[name]).toBe(version);
});

it('tells the line that installs a part', async () => {
  await expect(loadPart('hyparquet', missing)).rejects.toThrow(
    'source needs a part that is not installed: npm install -E hyparquet@1.31.5 hyparquet-compressors@1.1.2',
  );
});

it('hides no other fault of what it loads', async () => {
  await expect(loadPart('csv-parse', broken)).rejects.toThrow('Unexpected token');
});
