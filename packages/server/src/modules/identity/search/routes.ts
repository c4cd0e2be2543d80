import { userPage, userSearchQuery } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../../platform/http/route.ts';
import type { UserDirectory } from './user-directory.ts';

/** An extension of ours: the users of an app, all of them or those that filters find. */
export function userSearchRoutes(directory: UserDirectory): Routes {
  return (http) => {
    http.get(
      '/apps/:app_id/users',
      {
        config: { access: 'app' },
        schema: {
          summary: 'List users, or search for them',
          params: Type.Object({ app_id: Type.String({ format: 'uuid' }) }),
          querystring: userSearchQuery,
          response: { 200: userPage },
        },
      },
      (request) => directory.page(request.appId, request.query),
    );
  };
}
