import { withGraph, writePage } from './architecture-page.ts';
import { check } from './check.ts';
import { drawModules } from './draw-modules.ts';
import { readImports } from './read-imports.ts';
import { partOf, ROOT, sourceFiles } from './source-files.ts';

/**
 * `npm run arch` checks the direction of dependencies; `npm run arch:graph` draws it into
 * ARCHITECTURE.md. Both read the code and nothing else.
 */
const files = sourceFiles(ROOT);
const read = await readImports(ROOT, files);
const page = withGraph(drawModules(read.files, read.imports));

if (process.argv[2] === 'graph') {
  writePage(page.drawn);
} else {
  const complaints = await check(ROOT, files, read);
  if (page.now !== page.drawn)
    complaints.push('graph: ARCHITECTURE.md is stale\n    Run npm run arch:graph and commit it.');
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exit(1);
  console.log(`architecture: ${read.imports.length} imports keep the rules. Files read: ${counts()}.`);
}

/** How many files of each part were read: `wire 3, server/platform 12`. */
function counts(): string {
  const byPart = new Map<string, number>();
  for (const file of read.files) byPart.set(partOf(file), (byPart.get(partOf(file)) ?? 0) + 1);
  return [...byPart].map(([part, count]) => `${part} ${count}`).join(', ');
}
