import { Readable } from 'node:stream';
import { importPage, importPreview, importView, previewImportBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Http } from '../../platform/http/route.ts';
import type { Imports } from './imports.ts';
import { config, noBodyIsEmpty, oneImport, tags } from './route-parts.ts';

/** The list, to be put beside the route that takes files. */
export function addList(http: Http, imports: Imports): void {
  http.get(
    '/apps/:app_id/imports',
    {
      config,
      schema: {
        tags,
        summary: 'List the imports of an app, newest first',
        params: Type.Object({ app_id: Type.String({ format: 'uuid' }) }),
        querystring: Type.Object(
          {
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
            cursor: Type.Optional(Type.String()),
          },
          { additionalProperties: false },
        ),
        response: { 200: importPage },
      },
    },
    (request) => imports.list(request.appId, request.query),
  );
}

/** What one import is, would do, and has rejected. */
export function addReading(http: Http, imports: Imports): void {
  http.get(
    '/apps/:app_id/imports/:import_id',
    {
      config,
      schema: {
        tags,
        summary: 'View an import, and how far it is',
        params: oneImport,
        response: { 200: importView },
      },
    },
    ({ appId, params }) => imports.view(appId, params.import_id),
  );

  http.get(
    '/apps/:app_id/imports/:import_id/rejects',
    {
      config,
      schema: {
        tags,
        summary: 'Fetch the rejected rows of the last run as CSV: line, column, rule',
        params: oneImport,
        response: { 200: { description: 'CSV', content: { 'text/csv': { schema: Type.String() } } } },
      },
    },
    async ({ appId, params }, reply) => {
      const lines = await imports.rejects(appId, params.import_id);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="rejects.csv"`)
        .send(Readable.from(lines, { objectMode: false }) as Readable & string);
    },
  );

  http.post(
    '/apps/:app_id/imports/:import_id/preview',
    {
      config,
      preValidation: noBodyIsEmpty,
      schema: {
        tags,
        summary: 'See what the first rows would do',
        params: oneImport,
        body: previewImportBody,
        response: { 200: importPreview },
      },
    },
    ({ appId, params, body }) => imports.preview(appId, params.import_id, body),
  );
}
