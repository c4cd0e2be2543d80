import { Type } from 'typebox';
import { app, createAppBody, updateAppBody } from '@carillon/wire';
import type { UpdateAppBody } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import type { Routes } from '../../platform/http/route.ts';
import { appAnswer } from './app-answer.ts';
import type { AppCounts } from './app-answer.ts';
import { settingsIn } from './app-settings.ts';
import { appsOf, findApp, updateApp } from './app-store.ts';
import { createApp } from './apps.ts';
import { organizationOf } from './organization-of.ts';
import { organizationExists } from './organization-store.ts';
import { refusePushCredentials } from './push-credentials.ts';

/** Beyond this the wire refuses to list. */
const MOST_LISTED = 1_000;

/** Counts the subscriptions of apps. Told from outside, because they belong to a later module. */
export type CountSubscriptions = (appIds: readonly string[]) => Promise<ReadonlyMap<string, AppCounts>>;

const NONE: AppCounts = { players: 0, messageablePlayers: 0 };
const params = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const tags = ['Apps'];

export function appRoutes(database: Database, clock: Clock, count: CountSubscriptions): Routes {
  const change = async ({ appId, body }: { appId: string; body: UpdateAppBody }) => {
    refusePushCredentials(body);
    const settings = settingsIn(body);
    const row = await updateApp(database, { id: appId, name: body.name, settings, now: clock.now() });
    if (row === null) throw new ApiError('app-not-found', { params: { app_id: appId } });
    return appAnswer(row, (await count([appId])).get(appId) ?? NONE);
  };

  return (http) => {
    http.get(
      '/apps',
      {
        config: { access: 'organization', envelope: 'basic', forbidden: 'apps-list-denied' },
        schema: { tags, summary: 'List the apps of the organization', response: { 200: Type.Array(app) } },
      },
      async ({ principal }) => {
        const rows = await appsOf(database, organizationOf(principal), MOST_LISTED + 1);
        if (rows.length > MOST_LISTED) throw new ApiError('apps-too-many');
        const counts = await count(rows.map(({ id }) => id));
        return rows.map((row) => appAnswer(row, counts.get(row.id) ?? NONE));
      },
    );

    http.get(
      '/apps/:app_id',
      {
        config: { access: 'app', envelope: 'basic', forbidden: 'app-view-denied' },
        schema: {
          tags,
          summary: 'View an app',
          params,
          querystring: Type.Object({ view: Type.Optional(Type.String()) }),
          response: { 200: app },
        },
      },
      async ({ appId, query }) => {
        const row = await findApp(database, appId);
        if (row === null) throw new ApiError('app-not-found', { params: { app_id: appId } });
        if (query.view === 'config') return appAnswer(row, null);
        return appAnswer(row, (await count([appId])).get(appId) ?? NONE);
      },
    );

    http.post(
      '/apps',
      {
        config: { access: 'organization', envelope: 'basic', forbidden: 'app-create-denied' },
        schema: { tags, summary: 'Create an app', body: createAppBody, response: { 200: app } },
      },
      async ({ principal, body }) => {
        const organizationId = body.organization_id.toLowerCase();
        if (organizationId !== organizationOf(principal)) {
          const known = await organizationExists(database, organizationId);
          throw new ApiError(known ? 'app-create-denied' : 'organization-not-found');
        }
        refusePushCredentials(body);
        const settings = settingsIn(body);
        return appAnswer(
          await createApp(database, clock, { organizationId, name: body.name, settings }),
          NONE,
        );
      },
    );

    const update = {
      config: { access: 'organization', envelope: 'basic', forbidden: 'app-update-denied' },
      schema: { tags, summary: 'Update an app', params, body: updateAppBody, response: { 200: app } },
    } as const;
    http.put('/apps/:app_id', update, change);
    http.patch('/apps/:app_id', update, change);
  };
}
