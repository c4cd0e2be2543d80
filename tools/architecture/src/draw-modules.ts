import type { Import } from './read-imports.ts';
import { MODULE_ORDER } from './module-order.ts';
import { isTest, partOf } from './source-files.ts';

/**
 * Who uses whom, as Mermaid. `server/platform` and `wire` are left out, because everything uses
 * them; tests too. An arrow points at what is used. One line an arrow, in order, so that two
 * changes meet as lines.
 */
export function drawModules(files: ReadonlySet<string>, imports: readonly Import[]): string {
  const arrows = new Set(
    imports
      .filter(({ from, to }) => files.has(to) && from.startsWith('packages/') && !isTest(from))
      .map(({ from, to }) => [partOf(from), partOf(to)] as const)
      .filter(([from, to]) => from !== to && isDrawn(from) && isDrawn(to))
      .map(([from, to]) => `  ${nameOf(from)} --> ${nameOf(to)}`),
  );
  const modules = MODULE_ORDER.filter((name) =>
    [...files].some((file) => partOf(file) === `server/modules/${name}`),
  ).map((name) => `    ${name}`);
  return ['flowchart LR', '  subgraph modules', ...modules, '  end', ...[...arrows].toSorted()].join('\n');
}

function isDrawn(part: string): boolean {
  return part !== 'server/platform' && part !== 'wire' && part !== 'test-kit';
}

/** Mermaid reads a node's name up to the first slash. */
function nameOf(part: string): string {
  return part.replace(/^server\/modules\//, '').replaceAll('/', '-');
}
