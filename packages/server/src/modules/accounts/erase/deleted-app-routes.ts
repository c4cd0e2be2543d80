import { Type } from 'typebox';
import { deletedApp } from '@carillon/wire';
import type { DeletedApp } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { authorOf } from '../audit/author.ts';
import { organizationOf } from '../organization-of.ts';
import { deleteApp } from './delete-app.ts';
import type { DeleteAppOptions } from './delete-app.ts';
import { findDeletedApp } from './deleted-app-store.ts';
import type { DeletedAppRow } from './deleted-app-store.ts';

const id = Type.String({ format: 'uuid' });

export interface DeletedAppRoutesOptions extends DeleteAppOptions {
  /** Called after the commit: the app's keys open nothing any more. */
  readonly onDelete: () => void;
}

/** Extensions of ours: deleting an app, and how far its erasure has come. */
export function deletedAppRoutes({ onDelete, ...options }: DeletedAppRoutesOptions): Routes {
  return (http) => {
    http.delete(
      '/apps/:app_id',
      {
        config: { access: 'organization', envelope: 'basic', forbidden: 'app-delete-denied' },
        schema: {
          tags: ['Apps'],
          summary: 'Delete an app and everything that belongs to it',
          description:
            'The app and its keys are gone at once. Users, messages, journeys and the rest are erased by a job, whose progress GET /organizations/{organization_id}/deleted_apps/{deleted_app_id} tells.',
          params: Type.Object({ app_id: id }),
          querystring: Type.Object({
            confirm: Type.Optional(Type.String({ description: 'The name of the app.' })),
          }),
          response: { 202: deletedApp },
        },
      },
      async (request, reply) => {
        const { appId, query } = request;
        const organizationId = organizationOf(request.principal);
        const app = { organizationId, appId, confirm: query.confirm };
        const deleted = await deleteApp(options, app, authorOf(request));
        onDelete();
        return reply.code(202).send(answer(deleted));
      },
    );

    http.get(
      '/organizations/:organization_id/deleted_apps/:deleted_app_id',
      {
        config: { access: 'organization', envelope: 'basic', forbidden: 'organization-permission' },
        schema: {
          tags: ['Organizations'],
          summary: 'View how far a deleted app is erased',
          params: Type.Object({ organization_id: id, deleted_app_id: id }),
          response: { 200: deletedApp },
        },
      },
      async ({ principal, params }) => {
        const appId = params.deleted_app_id.toLowerCase();
        const found = await findDeletedApp(options.database, organizationOf(principal), appId);
        if (found === null) throw new ApiError('deleted-app-not-found', { params: { app_id: appId } });
        return answer(found);
      },
    );
  };
}

function answer(row: DeletedAppRow): DeletedApp {
  return {
    id: row.app_id,
    organization_id: row.organization_id,
    name: row.name,
    state: row.erased_at === null ? 'erasing' : 'erased',
    part: row.erased_at === null ? row.part : null,
    rows_erased: row.rows_erased,
    deleted_at: row.deleted_at.toISOString(),
    erased_at: row.erased_at?.toISOString() ?? null,
  };
}
