import type { EndpointPostBody } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { hashBody } from '../../../platform/http/hash-body.ts';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import { newTimedId } from '../../../platform/ids.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { lockKind } from './endpoint-store.ts';
import type { PostContent } from './post.ts';
import { findPostByKey, insertPost } from './post-store.ts';
import { wireOf } from './wires/wire-of.ts';

export interface AcceptedPost {
  readonly id: string;
  /** The idempotency key had been used: this is the first post again, and nothing is posted. */
  readonly replayed: boolean;
}

/**
 * Accepts a post within an open transaction: it goes out once that is committed, and never before. Give the hint
 * `endpoints` then. Throws ApiError `endpoint-not-found`, `idempotency-key-reused`, and `request-invalid` for what
 * this kind of endpoint cannot show.
 */
export async function acceptPost(
  transaction: Queryable,
  place: { readonly appId: string; readonly endpoint: string },
  asked: EndpointPostBody,
  now: number,
): Promise<AcceptedPost> {
  const { appId, endpoint } = place;
  const kind = await lockKind(transaction, appId, endpoint);
  if (kind === null) throw new ApiError('endpoint-not-found', { params: { name: endpoint } });
  const { idempotency_key: key = null, ...said } = asked;
  const content = readContent(said);
  wireOf(kind).check(content);
  const id = newTimedId(now);
  const post = { id, endpoint, idempotencyKey: key, bodyHash: hashBody(said), content };
  if (await insertPost(transaction, appId, post, now)) return { id, replayed: false };
  const first = await findPostByKey(transaction, appId, endpoint, key ?? '');
  if (first === null) throw new Error('the post with this key went while another came');
  if (first.bodyHash !== post.bodyHash) throw new ApiError('idempotency-key-reused');
  return { id: first.id, replayed: true };
}

function readContent({
  text = null,
  title = null,
  link = null,
  data = null,
}: Partial<PostContent>): PostContent {
  if (link !== null && !(URL.canParse(link) && /^https?:\/\//i.test(link))) {
    throw invalidField('link', 'must be an http or https address such as https://shop.example.com/orders/7');
  }
  return { text, title, link, data };
}
