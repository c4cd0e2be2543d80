import type { Import } from './read-imports.ts';

/**
 * A file with a unit test beside it (`filter.ts`, `filter.test.ts`) is a pure rule, and imports
 * neither the database nor a store. Types are no import: they are gone when it runs.
 */
export function impure(files: ReadonlySet<string>, imports: readonly Import[]): string[] {
  const isPure = (file: string) =>
    files.has(file.replace(/\.ts$/, '.test.ts')) && !file.endsWith('-store.ts');
  return imports
    .filter(
      ({ from, typeOnly }) => !typeOnly && from.startsWith('packages/server/src/modules/') && isPure(from),
    )
    .filter(({ to }) => /platform\/database\/|-store\.ts$|node_modules\/pg\//.test(to))
    .map(
      ({ from, to }) =>
        `pure-files: ${from} -> ${to}\n    It has a unit test, so it is a pure rule: keep the database out of it.`,
    );
}
