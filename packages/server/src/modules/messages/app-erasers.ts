import { eraseInBatches } from '../accounts/index.ts';
import type { AppEraser, ErasedPiece } from '../accounts/index.ts';
import {
  eraseEndpointPosts,
  eraseInboundOfApp,
  eraseSandboxAccount,
  eraseSandboxMessages,
  eraseSuppressions,
  haltEndpointPosts,
} from '../channels/index.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { eraseFiles } from '../../platform/export-files/index.ts';
import { eraseAbTests, haltAbTests } from './ab-tests/ab-test-store.ts';
import { eraseActivityTokens } from './live-activities/activity-token-store.ts';
import { eraseMarks } from './timing/frequency-store.ts';
import { eraseChunks, eraseIdempotencyKeys, eraseMessages, haltChunks } from './app-eraser-store.ts';

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const PIECE = { mostChunks: 1_000, mostRows: 20_000 };
const MESSAGES_A_PIECE = 1_000;
/** Each can have hundreds of megabytes. */
const FILES_A_PIECE = 5;

/** What goes of messages when an app is deleted. The ledger goes by the chunks that lead to it. */
export const messageErasers: readonly AppEraser[] = [
  // First: a decision that is just being made is waited for, and its message halted with the others.
  { name: 'ab-tests', tables: ['ab_tests'], halt: haltAbTests, erase: eraseInBatches(eraseAbTests) },
  {
    name: 'deliveries',
    tables: ['message_chunks', 'deliveries', 'delivery_events', 'delivery_retries'],
    halt: haltChunks,
    erase: eraseDeliveries,
  },
  {
    name: 'messages',
    tables: ['messages', 'message_platforms', 'sandbox_messages'],
    erase: eraseMessageRows,
  },
  {
    name: 'export-files',
    tables: ['export_files', 'export_pieces'],
    erase: eraseExportFiles,
  },
  {
    name: 'endpoint-posts',
    tables: ['endpoint_posts'],
    halt: haltEndpointPosts,
    erase: eraseInBatches(eraseEndpointPosts),
  },
  { name: 'suppressions', tables: ['suppressions'], erase: eraseInBatches(eraseSuppressions) },
  {
    name: 'live-activity-tokens',
    tables: ['live_activity_tokens'],
    erase: eraseInBatches(eraseActivityTokens),
  },
  { name: 'inbound-sms', tables: ['inbound_sms'], erase: eraseInBatches(eraseInboundOfApp) },
  { name: 'frequency-marks', tables: ['frequency_marks'], erase: eraseInBatches(eraseMarks) },
  { name: 'idempotency-keys', tables: ['idempotency_keys'], erase: eraseInBatches(eraseIdempotencyKeys) },
];

async function eraseDeliveries(
  transaction: Queryable,
  appId: string,
  cursor: string | null,
): Promise<ErasedPiece> {
  const [messageId = FIRST_ID, lane = '-1'] = cursor?.split(' ') ?? [];
  const last = await eraseChunks(transaction, appId, { messageId, lane: Number(lane) }, PIECE);
  return last === null
    ? { rows: 0, next: null }
    : { rows: last.erased, next: `${last.messageId} ${last.lane}` };
}

async function eraseMessageRows(
  transaction: Queryable,
  appId: string,
  cursor: string | null,
): Promise<ErasedPiece> {
  const ids = await eraseMessages(transaction, appId, cursor ?? FIRST_ID, MESSAGES_A_PIECE);
  const received =
    (await eraseSandboxMessages(transaction, ids)) +
    (cursor === null ? await eraseSandboxAccount(transaction, appId) : 0);
  return { rows: ids.length + received, next: ids.at(-1) ?? null };
}

async function eraseExportFiles(transaction: Queryable, appId: string): Promise<ErasedPiece> {
  const rows = await eraseFiles(transaction, appId, FILES_A_PIECE);
  return { rows, next: rows === FILES_A_PIECE ? 'more' : null };
}
