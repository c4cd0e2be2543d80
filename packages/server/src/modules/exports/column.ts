/** What the values of a column are; a value that is not known is null. */
export type ColumnType = 'text' | 'integer' | 'number' | 'boolean' | 'time' | 'json';

/** A column that an export can have. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** An expression of the kind's statement. */
  readonly sql: string;
}

export function column(name: string, type: ColumnType, sql: string): Column {
  return { name, type, sql };
}
