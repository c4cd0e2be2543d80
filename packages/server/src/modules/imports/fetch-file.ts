import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { OutboundFault } from '../../platform/outbound/index.ts';
import type { Outbound } from '../../platform/outbound/index.ts';
import { NotWanted, storePieces } from './import-pieces.ts';
import type { ImportRecord } from './import-record.ts';
import { dropPieces } from './piece-store.ts';
import { unpacked } from './unpacked.ts';

/** What became of a file that was fetched. */
export type FetchEnd =
  | { readonly kind: 'here'; readonly bytes: number }
  /** Asking again would not help. */
  | { readonly kind: 'failed'; readonly fault: string }
  | { readonly kind: 'lost' };

/** Fetches the file of an import from its URL, from the beginning. Throws what another attempt may do better. */
export async function fetchFile(
  { database, outbound }: { readonly database: Database; readonly outbound: Outbound },
  held: ImportRecord,
): Promise<FetchEnd> {
  await dropPieces(database, held);
  try {
    const { status, body } = await outbound.download(held.url ?? '');
    try {
      if (status !== 200) return { kind: 'failed', fault: `the URL answers with ${status}` };
      return { kind: 'here', bytes: await storePieces(database, held, unpacked(body)) };
    } finally {
      body.destroy();
    }
  } catch (error) {
    if (error instanceof NotWanted) return { kind: 'lost' };
    if (error instanceof ApiError) return { kind: 'failed', fault: error.message };
    if (error instanceof OutboundFault)
      return { kind: 'failed', fault: `the URL cannot be fetched: ${error.message}` };
    throw error;
  }
}
