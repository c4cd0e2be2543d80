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
import type { PushCredentials } from './push-credentials.ts';

/** Beyond this the wire refuses to list. */
const MOST_LISTED = 1_000;

/** What later modules know of apps, told from outside. */
export interface AppFacts {
  /** Counts the subscriptions of apps. */
  readonly countSubscriptions: (appIds: readonly string[]) => Promise<ReadonlyMap<string, AppCounts>>;
  readonly channelsOf: (appId: string) => Promise<AppChannels>;
  readonly credentials: PushCredentials;
}

export interface AppRoutesOptions extends AppFacts {
  readonly database: Database;
  readonly clock: Clock;
}

const NONE: AppCounts = { players: 0, messageablePlayers: 0 };
const params = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const tags = ['Apps'];

export function appRoutes(options: AppRoutesOptions): Routes {
  const { database, clock, countSubscriptions, channelsOf, credentials } = options;
  const count = async (appId: string) => (await countSubscriptions([appId])).get(appId) ?? NONE;
  const shownOf = async (appId: string) => (await credentials.shown([appId])).get(appId) ?? null;
  const change = async (
    request: Pick<FastifyRequest, 'principal' | 'appId' | 'ip' | 'headers'> & { body: UpdateAppBody },
  ) => {
    const { principal, appId, body } = request;
    const prepared = await credentials.prepare(appId, body);
    const owned = { organizationId: organizationOf(principal), appId };
    const row = await changeApp(database, clock, owned, { body, credentials: prepared }, authorOf(request));
    return appAnswer(row, { counts: await count(appId), channels: null, credentials: await shownOf(appId) });
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
        const shown = await credentials.shown(rows.map(({ id }) => id));
        return rows.map((row) =>
          appAnswer(row, {
            counts: counts.get(row.id) ?? NONE,
            channels: null,
            credentials: shown.get(row.id) ?? null,
          }),
        );
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
        const [channels, shown] = await Promise.all([channelsOf(appId), shownOf(appId)]);
        return appAnswer(row, { counts, channels, credentials: shown });
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
        const prepared = await credentials.prepare(null, body);
        const wanted = { organizationId, name: body.name, settings: settingsIn(body) };
        const row = await database.transaction(async (transaction) => {
          const created = await createApp(transaction, clock, wanted, authorOf(request));
          await prepared.keep(transaction, created.id, authorOf(request));
          return created;
        });
        prepared.kept(row.id);
        return appAnswer(row, { counts: NONE, channels: null, credentials: await shownOf(row.id) });
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
