import { Type } from 'typebox';
import { app, createAppBody, updateAppBody } from '@carillon/wire';
import type { AppChannels, UpdateAppBody } from '@carillon/wire';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import type { Routes } from '../../platform/http/route.ts';
import { appAnswer } from './app-answer.ts';
import type { AppCounts } from './app-answer.ts';
import { settingsIn } from './app-settings.ts';
import { appsOf, findApp } from './app-store.ts';
import { changeApp, createApp } from './apps.ts';
import { authorOf } from './audit/author.ts';
import { organizationOf } from './organization-of.ts';
import { organizationExists } from './organization-store.ts';
import { refusePushCredentials } from './push-credentials.ts';

/** Beyond this the wire refuses to list. */
const MOST_LISTED = 1_000;

/** What later modules know of apps, told from outside. */
export interface AppFacts {
  /** Counts the subscriptions of apps. */
  readonly countSubscriptions: (appIds: readonly string[]) => Promise<ReadonlyMap<string, AppCounts>>;
  readonly channelsOf: (appId: string) => Promise<AppChannels>;
}

export interface AppRoutesOptions extends AppFacts {
  readonly database: Database;
  readonly clock: Clock;
}

const NONE: AppCounts = { players: 0, messageablePlayers: 0 };
const params = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const tags = ['Apps'];

export function appRoutes({ database, clock, countSubscriptions, channelsOf }: AppRoutesOptions): Routes {
  const count = async (appId: string) => (await countSubscriptions([appId])).get(appId) ?? NONE;
  const change = async (
    request: Pick<FastifyRequest, 'principal' | 'appId' | 'ip' | 'headers'> & { body: UpdateAppBody },
  ) => {
    const { principal, appId, body } = request;
    refusePushCredentials(body);
    const owned = { organizationId: organizationOf(principal), appId };
    const row = await changeApp(database, clock, owned, body, authorOf(request));
    return appAnswer(row, { counts: await count(appId), channels: null });
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
        const counts = await countSubscriptions(rows.map(({ id }) => id));
        return rows.map((row) => appAnswer(row, { counts: counts.get(row.id) ?? NONE, channels: null }));
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
          querystring: Type.Object({
            view: Type.Optional(Type.String({ description: '`config`: without the two counts.' })),
          }),
          response: { 200: app },
        },
      },
      async ({ appId, query }) => {
        const row = await findApp(database, appId);
        if (row === null) throw new ApiError('app-not-found', { params: { app_id: appId } });
        const counts = query.view === 'config' ? null : await count(appId);
        return appAnswer(row, { counts, channels: await channelsOf(appId) });
      },
    );

    http.post(
      '/apps',
      {
        config: { access: 'organization', envelope: 'basic', forbidden: 'app-create-denied' },
        schema: { tags, summary: 'Create an app', body: createAppBody, response: { 200: app } },
      },
      async (request) => {
        const { principal, body } = request;
        const organizationId = body.organization_id.toLowerCase();
        if (organizationId !== organizationOf(principal)) {
          const known = await organizationExists(database, organizationId);
          throw new ApiError(known ? 'app-create-denied' : 'organization-not-found');
        }
        refusePushCredentials(body);
        const wanted = { organizationId, name: body.name, settings: settingsIn(body) };
        const row = await database.transaction((transaction) =>
          createApp(transaction, clock, wanted, authorOf(request)),
        );
        return appAnswer(row, { counts: NONE, channels: null });
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
