import type { Socket } from 'node:net';
import type pg from 'pg';

/** Rows for one table, as `copyPieces` makes them. */
export interface Copy {
  /** `copy TABLE (COLUMNS) from stdin (format binary)`. */
  readonly text: string;
  readonly pieces: readonly Buffer[];
}

/** Of a message of the protocol: its letter and its length, which counts itself. */
const LENGTH_BYTES = 4;
const COPY_DATA = 0x64;
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, LENGTH_BYTES]);

/**
 * Runs several COPYs, one after the other, as one query whose rows are sent along with it: between two tables
 * the database waits for nobody. When one fails, it passes over the rows that are still on their way.
 * Source: https://www.postgresql.org/docs/current/protocol-flow.html (Simple Query, COPY Operations).
 *
 * `onCopied` is called after each COPY with its place.
 */
export function copyInto(
  client: pg.ClientBase,
  copies: readonly Copy[],
  onCopied: (place: number) => void = () => undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyQuery(copies, onCopied, { resolve, reject }));
  });
}

interface Settle {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** What the driver asks of whatever stands in its queue. */
class CopyQuery implements pg.Submittable {
  readonly #copies: readonly Copy[];
  readonly #onCopied: (place: number) => void;
  readonly #settle: Settle;
  #copied = 0;

  constructor(copies: readonly Copy[], onCopied: (place: number) => void, settle: Settle) {
    this.#copies = copies;
    this.#onCopied = onCopied;
    this.#settle = settle;
  }

  submit(connection: pg.Connection): void {
    const { stream } = connection as unknown as { readonly stream: Socket };
    // One call of the system for as much as it takes at once.
    stream.cork();
    connection.query(this.#copies.map(({ text }) => text).join('; '));
    for (const { pieces } of this.#copies) {
      for (const piece of pieces) {
        stream.write(headOf(piece));
        stream.write(piece);
      }
      stream.write(COPY_DONE);
    }
    stream.uncork();
  }

  handleCopyInResponse(): void {
    // The rows are on their way.
  }

  handleCommandComplete(): void {
    this.#onCopied(this.#copied);
    this.#copied += 1;
  }

  handleError(error: Error): void {
    this.#settle.reject(error);
  }

  handleReadyForQuery(): void {
    this.#settle.resolve();
  }
}

function headOf(piece: Buffer): Buffer {
  const head = Buffer.allocUnsafe(1 + LENGTH_BYTES);
  head[0] = COPY_DATA;
  head.writeInt32BE(piece.length + LENGTH_BYTES, 1);
  return head;
}
