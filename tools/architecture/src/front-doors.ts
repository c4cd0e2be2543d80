import { dirname } from 'node:path/posix';
import type { Import } from './read-imports.ts';
import { isTest } from './source-files.ts';

/**
 * A folder with an `index.ts` is entered through it, by whoever stands outside: packages, modules,
 * and parts of a module that chose to have a door of their own. Every module must have one.
 */
export function enteredElsewhere(files: ReadonlySet<string>, imports: readonly Import[]): string[] {
  return imports.flatMap(({ from, to }) => {
    if (!files.has(to)) return [];
    const folder = foldersAbove(to).find(
      (candidate) => !from.startsWith(`${candidate}/`) && files.has(`${candidate}/index.ts`),
    );
    if (folder === undefined || to === `${folder}/index.ts`) return [];
    return [`front-doors: ${from} -> ${to}\n    Enter ${folder} through its index.ts.`];
  });
}

/** Modules without a front door. */
export function withoutDoor(files: ReadonlySet<string>): string[] {
  const modules = new Set(
    [...files]
      .filter((file) => !isTest(file))
      .flatMap((file) => /^packages\/server\/src\/modules\/[^/]+/.exec(file) ?? []),
  );
  return [...modules]
    .filter((module) => !files.has(`${module}/index.ts`))
    .map((module) => `front-doors: ${module} has no index.ts\n    A module says there what others may use.`);
}

/** From the outermost to the innermost. */
function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [...foldersAbove(folder), folder];
}
