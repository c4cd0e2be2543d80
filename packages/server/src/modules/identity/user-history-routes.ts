import { userHistoryPage } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../platform/http/route.ts';
import { addressOf } from './caller.ts';
import type { UserHistory } from './user-history.ts';

const byAlias = Type.Object({
  app_id: Type.String({ format: 'uuid' }),
  alias_label: Type.String(),
  alias_id: Type.String(),
});

/** An extension of ours: what was changed about a user, when, and with which key. */
export function userHistoryRoutes(history: UserHistory): Routes {
  return (http) => {
    http.get(
      '/apps/:app_id/users/by/:alias_label/:alias_id/history',
      {
        config: { access: 'app' },
        schema: {
          summary: 'View the history of a user',
          params: byAlias,
          querystring: Type.Object({
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 300 })),
            cursor: Type.Optional(Type.String()),
          }),
          response: { 200: userHistoryPage },
        },
      },
      (request) => history.page(request.appId, addressOf(request), request.query),
    );
  };
}
