import { createExportBody, csvExportAnswer, csvExportBody, exportPage, exportView } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../platform/http/route.ts';
import { authorOf } from '../accounts/index.ts';
import type { Exports } from './exports.ts';

const asked = { access: 'app', rate: 'exports' } as const;
const config = { access: 'app' } as const;
const ofApp = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const oneExport = Type.Object({ app_id: Type.String({ format: 'uuid' }), export_id: Type.String() });
const tags = ['Exports'];

/** Files of what an app has: the documented export of subscriptions, and ours of everything. */
export function exportRoutes(exports: Exports): Routes {
  return (http) => {
    http.post(
      '/players/csv_export',
      {
        config: { ...asked, envelope: 'basic' },
        preValidation: noBodyAsksForEverything,
        schema: {
          summary: 'Export subscriptions as CSV',
          querystring: Type.Object({ app_id: Type.Optional(Type.String()) }),
          body: csvExportBody,
          response: { 200: csvExportAnswer },
        },
      },
      async (request) => ({
        csv_file_url: await exports.csvOfSubscriptions(request.appId, request.body, authorOf(request)),
      }),
    );

    http.post(
      '/apps/:app_id/exports',
      {
        config: asked,
        schema: {
          tags,
          summary: 'Ask for an export',
          description: 'A job makes the file. `url` leads to it: 403 until it is ready, then for three days.',
          params: ofApp,
          body: createExportBody,
          response: { 202: exportView },
        },
      },
      async (request, reply) =>
        reply.code(202).send(await exports.create(request.appId, request.body, authorOf(request))),
    );

    http.get(
      '/apps/:app_id/exports',
      {
        config,
        schema: {
          tags,
          summary: 'List the exports of an app, newest first',
          params: ofApp,
          querystring: Type.Object(
            {
              limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
              cursor: Type.Optional(Type.String()),
            },
            { additionalProperties: false },
          ),
          response: { 200: exportPage },
        },
      },
      (request) => exports.list(request.appId, request.query),
    );

    http.get(
      '/apps/:app_id/exports/:export_id',
      {
        config,
        schema: { tags, summary: 'View an export', params: oneExport, response: { 200: exportView } },
      },
      ({ appId, params }) => exports.view(appId, params.export_id),
    );

    http.post(
      '/apps/:app_id/exports/:export_id/cancel',
      {
        config,
        schema: { tags, summary: 'Cancel an export', params: oneExport, response: { 200: exportView } },
      },
      (request) => exports.cancel(request.appId, request.params.export_id, authorOf(request)),
    );

    http.delete(
      '/apps/:app_id/exports/:export_id',
      {
        config,
        schema: {
          tags,
          summary: 'Delete an export and its file',
          params: oneExport,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        await exports.remove(request.appId, request.params.export_id, authorOf(request));
        return { success: true };
      },
    );
  };
}

async function noBodyAsksForEverything(request: { body: unknown }): Promise<void> {
  request.body ??= {};
}
