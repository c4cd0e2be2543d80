import pg from 'pg';

const AS_TEXT: ReadonlySet<number> = new Set([
  // Days and local times belong to no time zone: as Date they would move with the machine's.
  pg.types.builtins.DATE,
  pg.types.builtins.TIMESTAMP,
]);

/**
 * How values become JavaScript, the same from queries and from the change stream: bigint and numeric
 * as text, timestamptz as Date, date and timestamp as text, json parsed.
 */
export function parserOf(oid: number): (text: string) => unknown {
  return AS_TEXT.has(oid) ? (text) => text : (pg.types.getTypeParser(oid) as (text: string) => unknown);
}

export const ROW_TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    format === 'binary' ? pg.types.getTypeParser(oid, format) : parserOf(oid),
};
