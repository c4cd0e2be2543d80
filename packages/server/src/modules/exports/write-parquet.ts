import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { BasicType } from 'hyparquet-writer';
import type { ColumnType } from './column.ts';

/** Many rows together pack well; this many are in memory. */
const ROWS_A_GROUP = 10_000;

const TYPES: Readonly<Record<ColumnType, BasicType>> = {
  text: 'STRING',
  integer: 'INT64',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  time: 'TIMESTAMP',
  json: 'STRING',
};

export interface ParquetColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/**
 * A Parquet file of rows that come as lines of JSON, group after group. JSON values are their text, integers have 64
 * bits, times are milliseconds in UTC; whatever is not known is null.
 */
export async function* writeParquet(
  columns: readonly ParquetColumn[],
  pages: AsyncIterable<readonly string[]>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = new FlushedBytes();
  const schema = schemaFromColumnData({
    columnData: columns.map(({ name, type }) => ({ name, type: TYPES[type], data: [], nullable: true })),
  });
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: 'carillon' });
  let lines: string[] = [];
  for await (const page of pages) {
    lines.push(...page);
    if (lines.length < ROWS_A_GROUP) continue;
    yield group(writer, bytes, columns, lines);
    lines = [];
  }
  if (lines.length > 0) yield group(writer, bytes, columns, lines);
  await writer.finish();
  yield bytes.take();
}

function group(
  writer: ParquetWriter,
  bytes: FlushedBytes,
  columns: readonly ParquetColumn[],
  lines: readonly string[],
): Uint8Array {
  const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  // Ours is written at once: nothing of it is a promise.
  void writer.write({
    columnData: columns.map(({ name, type }) => ({
      name,
      data: rows.map((row) => valueOf(row[name], type)),
    })),
    rowGroupSize: lines.length,
  });
  return bytes.take();
}

function valueOf(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'integer':
      return BigInt(value as number);
    case 'time':
      return new Date(value as string);
    case 'json':
      return JSON.stringify(value);
    case 'text':
      return value;
    case 'number':
    case 'boolean':
      return value;
  }
}

/** Bytes that are taken away while the file goes on. */
class FlushedBytes extends ByteWriter {
  take(): Uint8Array {
    const taken = this.getBytes().slice();
    this.index = 0;
    return taken;
  }
}
