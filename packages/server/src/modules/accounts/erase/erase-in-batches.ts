import type { Queryable } from '../../../platform/database/database.ts';
import type { AppEraser } from './app-eraser.ts';

const ROWS_A_PIECE = 5_000;

/** For tables whose keys begin with the app: a piece is so many rows, until one was not full. */
export function eraseInBatches(
  eraseBatch: (transaction: Queryable, appId: string, limit: number) => Promise<number>,
): AppEraser['erase'] {
  return async (transaction, appId) => {
    const rows = await eraseBatch(transaction, appId, ROWS_A_PIECE);
    return { rows, next: rows === ROWS_A_PIECE ? 'more' : null };
  };
}
