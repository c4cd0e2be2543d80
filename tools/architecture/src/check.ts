import { enteredElsewhere, withoutDoor } from './front-doors.ts';
import { MODULE_ORDER } from './module-order.ts';
import { impure } from './pure-files.ts';
import type { Imports } from './read-imports.ts';
import { partOf } from './source-files.ts';
import { sqlOutsideStores } from './sql-in-stores.ts';

/** Everything that breaks a rule in the repository at `root`: `rule: where`, then what to do. */
export async function check(root: string, files: readonly string[], read: Imports): Promise<string[]> {
  return [
    ...unread(files, read),
    ...unknownModules(files),
    ...read.violations,
    ...enteredElsewhere(read.files, read.imports),
    ...withoutDoor(read.files),
    ...impure(read.files, read.imports),
    ...(await sqlOutsideStores(root, files)),
  ];
}

/** A check that reads nothing finds nothing wrong: every file on the disk must have been read. */
function unread(files: readonly string[], read: Imports): string[] {
  const missing = files.filter((file) => !read.files.has(file)).map((file) => `unread: ${file} was not read`);
  if (read.imports.length > 0) return missing;
  return [...missing, `unread: not one import in ${files.length} files`];
}

function unknownModules(files: readonly string[]): string[] {
  const known = new Set<string>(MODULE_ORDER);
  const names = new Set(files.flatMap((file) => /^server\/modules\/(.+)/.exec(partOf(file))?.[1] ?? []));
  return [...names]
    .filter((name) => !known.has(name))
    .map(
      (name) =>
        `module-order: ${name} has no place\n    Give it one in tools/architecture/src/module-order.ts.`,
    );
}
