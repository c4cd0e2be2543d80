/**
 * What a query sees: transactions before `first` are over, those from `next` on had not begun, and those
 * in between that are `open` had not ended. Numbers of 32 bits, as the change stream has them.
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT
 */
export interface Snapshot {
  readonly first: number;
  readonly next: number;
  readonly open: ReadonlySet<number>;
}

/** Reads `pg_current_snapshot()` as text: `10:20:10,14,15`. */
export function readSnapshot(text: string): Snapshot {
  const [first = '0', next = '0', open = ''] = text.split(':');
  return {
    first: within32(first),
    next: within32(next),
    open: new Set(open === '' ? [] : open.split(',').map(within32)),
  };
}

/** Is a transaction that has committed seen? */
export function sees({ first, next, open }: Snapshot, transaction: number): boolean {
  return isBefore(transaction, first) || (isBefore(transaction, next) && !open.has(transaction));
}

/** Numbers begin again after four thousand million: of two, the one less than half of that behind is earlier. */
function isBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

function within32(id: string): number {
  return Number(BigInt.asUintN(32, BigInt(id)));
}
