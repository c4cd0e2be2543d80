import { endpointPostAccepted, endpointPostBody, endpointPostPage, endpointPostView } from '@carillon/wire';
import { Type } from 'typebox';
import type { Database } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { decodeCursor, encodeCursor } from '../../../platform/http/page-cursor.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { isUuid } from '../../../platform/ids.ts';
import type { Endpoints } from './endpoints.ts';
import { findPost, postsBefore } from './post-store.ts';
import type { PostRow } from './post-store.ts';
import { endpointParams } from './routes.ts';

const config = { access: 'app' } as const;
const tags = ['Endpoints'];
const url = '/apps/:app_id/endpoints/:name/posts';
const MOST_ON_A_PAGE = 200;
const ON_A_PAGE = 50;
/** Above every id. */
const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export interface PostRoutesOptions {
  readonly database: Database;
  readonly endpoints: Endpoints;
}

/** `/apps/{app_id}/endpoints/{name}/posts`: posts to an endpoint, and what became of them. An extension of ours. */
export function postRoutes({ database, endpoints }: PostRoutesOptions): Routes {
  return (http) => {
    http.post(
      url,
      {
        config: { ...config, rate: 'messages' },
        schema: {
          tags,
          summary: 'Post to an endpoint',
          description:
            'It is kept when this is answered, and goes out at once; what is not taken now is tried again for a day. The id is the same from try to try.',
          params: endpointParams,
          body: endpointPostBody,
          response: { 202: endpointPostAccepted },
        },
      },
      async ({ appId, params: { name }, body }, reply) => {
        const { id, replayed } = await endpoints.post(appId, name, body);
        if (replayed) reply.header('Idempotent-Replayed', 'true');
        return reply.code(202).send({ id });
      },
    );
    http.get(
      url,
      {
        config,
        schema: {
          tags,
          summary: 'List the posts to an endpoint',
          description: 'The newest first. Posts are kept for 30 days after their end.',
          params: endpointParams,
          querystring: Type.Object({
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ON_A_PAGE })),
            cursor: Type.Optional(Type.String({ description: '`next_cursor` of the page before.' })),
          }),
          response: { 200: endpointPostPage },
        },
      },
      async ({ appId, params: { name }, query: { cursor, limit = ON_A_PAGE } }) => {
        await endpoints.view(appId, name);
        const list = ['endpoint posts', appId, name];
        const [before] = cursor === undefined ? [NEWEST] : decodeCursor(list, cursor, ['uuid']);
        const found = await postsBefore(database, appId, name, before, limit + 1);
        const posts = found.slice(0, limit);
        const last = found.length > limit ? posts.at(-1) : undefined;
        return {
          posts: posts.map(present),
          ...(last !== undefined && { next_cursor: encodeCursor(list, [last.id]) }),
        };
      },
    );
    http.get(
      `${url}/:post_id`,
      {
        config,
        schema: {
          tags,
          summary: 'Show what became of a post',
          params: Type.Object({ ...endpointParams.properties, post_id: Type.String() }),
          response: { 200: endpointPostView },
        },
      },
      async ({ appId, params: { name, post_id: id } }) => {
        await endpoints.view(appId, name);
        const found = isUuid(id) ? await findPost(database, appId, name, id) : null;
        if (found === null) throw new ApiError('endpoint-post-not-found', { params: { name, id } });
        return present(found);
      },
    );
  };
}

function present({ id, state, attempts, reason, createdAt, dueAt, endedAt }: PostRow) {
  return {
    id,
    state,
    attempts,
    reason,
    created_at: createdAt.toISOString(),
    next_attempt_at: state === 'waiting' ? dueAt.toISOString() : null,
    ended_at: endedAt?.toISOString() ?? null,
  };
}
