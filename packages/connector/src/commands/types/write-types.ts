import type { SourceTable } from '../../model/source.ts';

/** The rows of tables as TypeScript: one interface a table, its values as the connector gives them. */
export function writeTypes(tables: readonly SourceTable[]): string {
  const names = new Set<string>();
  const parts = tables.map((table) => {
    let name = typeName(table.name);
    while (names.has(name)) name += '_';
    names.add(name);
    const lines = table.columns.map(
      ({ name, type, nullable }) =>
        `  ${property(name)}: ${type}${nullable && type !== 'unknown' ? ' | null' : ''};`,
    );
    return `/** A row of ${table.name}. */\nexport interface ${name} {\n${lines.join('\n')}\n}\n`;
  });
  return [HEAD, ...parts].join('\n');
}

/** The name of a table's row type: `order_items` is `OrderItems`. */
export function typeName(table: string): string {
  const name = table
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`)
    .join('');
  return /^[\p{L}_]/u.test(name) ? name : `Table${name}`;
}

const HEAD = '// Made by `carillon-connect types` from the tables. Make it anew rather than changing it.\n';

function property(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name);
}
