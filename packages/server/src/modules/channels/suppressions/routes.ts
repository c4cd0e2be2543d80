import { Type } from 'typebox';
import { ApiError } from '../../../platform/http/api-error.ts';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { authorOf } from '../../accounts/index.ts';
import type { ListedSuppression } from './suppression-store.ts';
import type { Suppressions } from './suppressions.ts';

const config = { access: 'app' } as const;
const tags = ['Suppressions'];
const ofApp = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const ofAddress = Type.Object({ app_id: Type.String({ format: 'uuid' }), address: Type.String() });

const reason = Type.Enum(['bounce', 'complaint', 'manual'], {
  description: 'Refused for good, reported as spam, or put there by somebody.',
});
const shown = Type.Object({
  address: Type.String(),
  reason,
  source: Type.Enum(['provider', 'api']),
  detail: Type.Union([Type.String(), Type.Null()], { description: 'What the receiving side said.' }),
  created_at: Type.String({ format: 'date-time' }),
});

const MOST_ON_A_PAGE = 1_000;
const DEFAULT_PAGE = 100;
const MOST_AT_ONCE = 1_000;

/** `/apps/{app_id}/suppressions`: the addresses that an app sends no email to. An extension of ours. */
export function suppressionRoutes(suppressions: Suppressions): Routes {
  return (http) => {
    http.get(
      '/apps/:app_id/suppressions',
      {
        config,
        schema: {
          tags,
          summary: 'List the suppressed addresses of an app',
          description: 'In the order of the addresses.',
          params: ofApp,
          querystring: Type.Object({
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ON_A_PAGE })),
            cursor: Type.Optional(Type.String({ description: '`next_cursor` of the page before.' })),
          }),
          response: {
            200: Type.Object({ suppressions: Type.Array(shown), next_cursor: Type.Optional(Type.String()) }),
          },
        },
      },
      async ({ appId, query: { cursor, limit = DEFAULT_PAGE } }) => {
        const after = cursor === undefined ? '' : readCursor(cursor);
        const found = await suppressions.page(appId, after, limit + 1);
        const page = found.slice(0, limit);
        const last = found.length > limit ? page.at(-1) : undefined;
        return {
          suppressions: page.map(present),
          ...(last && { next_cursor: Buffer.from(`a ${last.address}`).toString('base64url') }),
        };
      },
    );
    http.get(
      '/apps/:app_id/suppressions/:address',
      {
        config,
        schema: {
          tags,
          summary: 'Show why an address is suppressed',
          params: ofAddress,
          response: { 200: shown },
        },
      },
      async ({ appId, params: { address } }) => {
        const found = await suppressions.view(appId, address);
        if (found === null) throw new ApiError('suppression-not-found');
        return present(found);
      },
    );
    http.post(
      '/apps/:app_id/suppressions',
      {
        config,
        schema: {
          tags,
          summary: 'Suppress addresses',
          description: 'An address that is on the list already keeps its reason.',
          params: ofApp,
          body: Type.Object(
            {
              suppressions: Type.Array(
                Type.Object(
                  {
                    address: Type.String({ format: 'email', maxLength: 320 }),
                    reason: Type.Optional(reason),
                  },
                  { additionalProperties: false },
                ),
                { minItems: 1, maxItems: MOST_AT_ONCE },
              ),
            },
            { additionalProperties: false },
          ),
          response: { 200: Type.Object({ added: Type.Integer() }) },
        },
      },
      async (request) => {
        const asked = request.body.suppressions.map((one) => ({ reason: 'manual' as const, ...one }));
        return { added: await suppressions.add(request.appId, asked, authorOf(request)) };
      },
    );
    http.delete(
      '/apps/:app_id/suppressions/:address',
      {
        config,
        schema: {
          tags,
          summary: 'Send to an address again',
          params: ofAddress,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        const { appId, params } = request;
        if (!(await suppressions.remove(appId, params.address, authorOf(request)))) {
          throw new ApiError('suppression-not-found');
        }
        return { success: true };
      },
    );
  };
}

function present({ createdAt, ...rest }: ListedSuppression) {
  return { ...rest, created_at: createdAt.toISOString() };
}

function readCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith('a ') || text.includes('\0')) {
    throw invalidField('cursor', 'must be a next_cursor that this list gave out');
  }
  return text.slice(2);
}
