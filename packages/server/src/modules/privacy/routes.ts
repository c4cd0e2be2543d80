import { erasure, erasurePage, userExport } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../platform/http/route.ts';
import { parseAddress } from '../identity/index.ts';
import type { Privacy } from './privacy.ts';

const app = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const byAlias = Type.Object({
  app_id: Type.String({ format: 'uuid' }),
  alias_label: Type.String(),
  alias_id: Type.String(),
});
const oneErasure = Type.Object({ app_id: Type.String({ format: 'uuid' }), erasure_id: Type.String() });
const config = { access: 'app' } as const;

/** Extensions of ours: all that is held about a person, and the proof that all of it is erased. */
export function privacyRoutes(privacy: Privacy): Routes {
  return (http) => {
    http.get(
      '/apps/:app_id/users/by/:alias_label/:alias_id/export',
      {
        config: { access: 'app', rate: 'exports' },
        // It would read everything to tell how long that is.
        exposeHeadRoute: false,
        schema: {
          summary: 'Export everything that is held about a user',
          params: byAlias,
          response: { 200: userExport },
        },
      },
      async (request, reply) => {
        const { alias_label: label, alias_id: value } = request.params;
        const { userId, json } = await privacy.export(request.appId, parseAddress(label, value));
        return (
          reply
            .type('application/json; charset=utf-8')
            .header('content-disposition', `attachment; filename="user-${userId}.json"`)
            .header('cache-control', 'no-store')
            // A stream goes out as it is, unchecked.
            .send(json as never)
        );
      },
    );

    http.get(
      '/apps/:app_id/erasures',
      {
        config,
        schema: {
          summary: 'List erasures, newest first',
          params: app,
          querystring: Type.Object(
            {
              limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 300 })),
              cursor: Type.Optional(Type.String()),
              /** `label:value`, as the user was named when it was deleted. */
              alias: Type.Optional(Type.String()),
            },
            { additionalProperties: false },
          ),
          response: { 200: erasurePage },
        },
      },
      (request) => privacy.erasures(request.appId, request.query),
    );

    http.get(
      '/apps/:app_id/erasures/:erasure_id',
      {
        config,
        schema: {
          summary: 'View how far an erasure is',
          params: oneErasure,
          response: { 200: erasure },
        },
      },
      (request) => privacy.erasure(request.appId, request.params.erasure_id.toLowerCase()),
    );
  };
}
