import { Type } from 'typebox';
import { organization, updateOrganizationBody } from '@carillon/wire';
import type { Organization } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Routes } from '../../platform/http/route.ts';
import { authorOf } from './audit/author.ts';
import { organizationOf } from './organization-of.ts';
import type { OrganizationRow } from './organization-store.ts';
import { updateOrganization, viewOrganization } from './organizations.ts';

const config = { access: 'organization', envelope: 'basic', forbidden: 'organization-permission' } as const;
const params = Type.Object({ organization_id: Type.String({ format: 'uuid' }) });
const tags = ['Organizations'];

/** An extension of ours. A key opens no organization but its own: the HTTP layer sees to that. */
export function organizationRoutes(database: Database, clock: Clock): Routes {
  return (http) => {
    http.get(
      '/organizations/:organization_id',
      { config, schema: { tags, summary: 'View an organization', params, response: { 200: organization } } },
      async ({ principal }) => answer(await viewOrganization(database, organizationOf(principal))),
    );

    http.patch(
      '/organizations/:organization_id',
      {
        config,
        schema: {
          tags,
          summary: 'Rename an organization',
          params,
          body: updateOrganizationBody,
          response: { 200: organization },
        },
      },
      async (request) => {
        const id = organizationOf(request.principal);
        return answer(await updateOrganization(database, clock, id, request.body, authorOf(request)));
      },
    );
  };
}

function answer({ id, name, created_at, updated_at }: OrganizationRow): Organization {
  return {
    id,
    name,
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  };
}
