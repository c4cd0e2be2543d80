import type { CreateMessageAnswer } from '@carillon/wire';
import type { Queryable } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { findAnswer } from '../message-store.ts';
import { hashBody } from '../../../platform/http/hash-body.ts';

export interface Created<Answer extends object> {
  readonly answer: Answer;
  /** The idempotency key had been used: this is the first answer again, and nothing is sent. */
  readonly replayed: boolean;
}

export interface IdempotencyKey {
  readonly key: string;
  readonly bodyHash: string;
}

export type CreatedMessage = Created<CreateMessageAnswer>;

/** The key of a request, with the body that it stands for; null where the request has none. */
export function idempotencyOf({
  idempotencyKey: key,
  body,
}: {
  readonly idempotencyKey: string | null;
  readonly body: object;
}): IdempotencyKey | null {
  return key === null ? null : { key, bodyHash: hashBody(body) };
}

/**
 * What the first request under a key was answered; null when there was none. The same body was sent to the same
 * route, so the answer is of its kind. Throws `idempotency-key-reused`.
 */
export async function answerUnder<Answer extends object>(
  database: Queryable,
  appId: string,
  { key, bodyHash }: IdempotencyKey,
): Promise<Created<Answer> | null> {
  const first = await findAnswer(database, appId, key);
  if (first === undefined) return null;
  if (first.bodyHash !== bodyHash) throw new ApiError('idempotency-key-reused');
  return { answer: first.response as Answer, replayed: true };
}
