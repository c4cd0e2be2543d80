import type { CellType } from '../../config/files.ts';
import type { Row } from '../../config/fields.ts';
import { NotOfType, valueOf } from './cell-types.ts';
import { FileBroken } from './file-broken.ts';

/** A row whose texts are what the configuration says they stand for. An empty text of another type is null. */
export function typedRow(
  row: Record<string, unknown>,
  types: Readonly<Record<string, CellType>>,
  file: string,
  line: number,
): Row {
  for (const [column, type] of Object.entries(types)) {
    const value = row[column];
    if (typeof value !== 'string') continue;
    try {
      row[column] = type !== 'text' && value.trim() === '' ? null : valueOf(value, type);
    } catch (error) {
      if (!(error instanceof NotOfType)) throw error;
      throw new FileBroken(file, line, `${column} ${error.message}`);
    }
  }
  return row;
}
