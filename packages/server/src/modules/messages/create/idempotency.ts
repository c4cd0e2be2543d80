import type { CreateMessageAnswer } from '@carillon/wire';
import type { Queryable } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { findAnswer } from '../message-store.ts';
import { hashBody } from './hash-body.ts';
import type { MessageDraft } from './parse-message.ts';

export interface CreatedMessage {
  readonly answer: CreateMessageAnswer;
  /** The idempotency key had been used: this is the first answer again, and nothing is sent. */
  readonly replayed: boolean;
}

export interface IdempotencyKey {
  readonly key: string;
  readonly bodyHash: string;
}

/** The key of a request, with the body that it stands for; null where the request has none. */
export function idempotencyOf({
  idempotencyKey: key,
  body,
}: Pick<MessageDraft, 'idempotencyKey' | 'body'>): IdempotencyKey | null {
  return key === null ? null : { key, bodyHash: hashBody(body) };
}

/** What the first request under a key was answered; null when there was none. Throws `idempotency-key-reused`. */
export async function answerUnder(
  database: Queryable,
  appId: string,
  { key, bodyHash }: IdempotencyKey,
): Promise<CreatedMessage | null> {
  const first = await findAnswer(database, appId, key);
  if (first === undefined) return null;
  if (first.bodyHash !== bodyHash) throw new ApiError('idempotency-key-reused');
  return { answer: first.response, replayed: true };
}
