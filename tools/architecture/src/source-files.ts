import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. Paths everywhere in this tool are relative to the root. */
export const ROOT = dirname(fileURLToPath(new URL('../../../package.json', import.meta.url)));

/** What holds our TypeScript. */
const TOPS = ['packages', 'bench', 'chaos', 'conformance', 'examples', 'tools'];

/** Every `.ts` and `.tsx` file of ours in the repository at `root`, in order. */
export function sourceFiles(root: string): string[] {
  return TOPS.filter((top) => existsSync(`${root}/${top}`))
    .flatMap((top) => walk(root, top))
    .toSorted();
}

function walk(root: string, folder: string): string[] {
  return readdirSync(`${root}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : walk(root, path);
    return /\.tsx?$/.test(path) && !path.endsWith('.d.ts') ? [path] : [];
  });
}

/** Tests and what only tests use may reach further than what ships. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$|\/fixtures\//.test(path);
}

/**
 * The part a file belongs to: `wire`, `client`, `server/platform`, `server/modules/identity`,
 * `bench`. Files straight in `packages/server/src` belong to `server`.
 */
export function partOf(path: string): string {
  const [top = '', name = '', , first = '', second = ''] = path.split('/');
  if (top !== 'packages')
    return top === 'bench' || top === 'chaos' || top === 'conformance' ? top : `${top}/${name}`;
  if (name !== 'server' || path.split('/').length < 5) return name;
  return first === 'modules' ? `server/modules/${second}` : `server/${first}`;
}
