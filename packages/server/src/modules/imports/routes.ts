import { Readable } from 'node:stream';
import {
  importFromUrlBody,
  importPage,
  importPreview,
  importView,
  previewImportBody,
  startImportBody,
} from '@carillon/wire';
import type { ImportFromUrlBody } from '@carillon/wire';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ApiError } from '../../platform/http/api-error.ts';
import { parseJsonBody } from '../../platform/http/json-body.ts';
import type { Http, Routes } from '../../platform/http/route.ts';
import { validationError } from '../../platform/http/validation-error.ts';
import { authorOf } from '../accounts/index.ts';
import type { Imports } from './imports.ts';

const config = { access: 'app' } as const;
const ofApp = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const oneImport = Type.Object({ app_id: Type.String({ format: 'uuid' }), import_id: Type.String() });
const tags = ['Imports'];

const FILE = /^(?:text\/(?:csv|plain)|application\/(?:csv|gzip|x-gzip|octet-stream))\s*(?:;|$)/i;
const JSON_TYPE = /^application\/json\s*(?:;|$)/i;
const LONGEST_JSON = 16 * 1024;

/** Users, tags and subscriptions from a CSV file: an extension of ours. */
export function importRoutes(imports: Imports): Routes {
  return (http) => {
    void http.register(async (scope: Http) => {
      // The handler reads the body itself.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _body, done) => done(null));
      addUpload(scope, imports);
      // Beside it, so that the path is known as one.
      addList(scope, imports);
    });
    addReading(http, imports);
    addWork(http, imports);
  };
}

function addUpload(http: Http, imports: Imports): void {
  http.post(
    '/apps/:app_id/imports',
    {
      config: { ...config, streamsBody: true },
      schema: {
        tags,
        summary: 'Bring a CSV file of users',
        description:
          'The body is the file, CSV or gzip of it; or JSON with the `url` of one, which a job then fetches. Nothing is written before it is started.',
        consumes: ['text/csv', 'application/gzip', 'application/json'],
        params: ofApp,
        querystring: Type.Object(
          { name: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })) },
          { additionalProperties: true },
        ),
        response: { 201: importView, 202: importView },
      },
    },
    async (request, reply) => {
      const { appId } = request;
      const author = authorOf(request);
      if (JSON_TYPE.test(request.headers['content-type'] ?? '')) {
        return reply.code(202).send(await imports.fromUrl(appId, await readJson(request), author));
      }
      checkType(request);
      const { name = 'upload.csv' } = request.query;
      return reply.code(201).send(await imports.upload(appId, name, request.raw, author));
    },
  );
}

function checkType({ headers }: FastifyRequest): void {
  const type = headers['content-type'] ?? 'none';
  if (!FILE.test(type)) throw new ApiError('import-content-type', { params: { type } });
}

async function readJson(request: FastifyRequest): Promise<ImportFromUrlBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LONGEST_JSON) throw new ApiError('import-too-large', { params: { limit: LONGEST_JSON } });
    chunks.push(chunk);
  }
  const value = parseJsonBody(Buffer.concat(chunks).toString('utf8'));
  const validate = request.compileValidationSchema(importFromUrlBody);
  if (validate(value)) return value as ImportFromUrlBody;
  throw validationError(validate.errors ?? [], 'body', value, 'structured');
}

function addList(http: Http, imports: Imports): void {
  http.get(
    '/apps/:app_id/imports',
    {
      config,
      schema: {
        tags,
        summary: 'List the imports of an app, newest first',
        params: ofApp,
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

function addReading(http: Http, imports: Imports): void {
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
}

function addWork(http: Http, imports: Imports): void {
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

  http.post(
    '/apps/:app_id/imports/:import_id/start',
    {
      config,
      preValidation: noBodyIsEmpty,
      schema: {
        tags,
        summary: 'Start an import, or a dry run of it',
        params: oneImport,
        body: startImportBody,
        response: { 202: importView },
      },
    },
    async (request, reply) => {
      const { appId, params, body } = request;
      return reply.code(202).send(await imports.start(appId, params.import_id, body, authorOf(request)));
    },
  );

  http.post(
    '/apps/:app_id/imports/:import_id/cancel',
    {
      config,
      schema: {
        tags,
        summary: 'Cancel an import',
        description: 'What is written by then stays, and can be undone.',
        params: oneImport,
        response: { 200: importView },
      },
    },
    (request) => imports.cancel(request.appId, request.params.import_id, authorOf(request)),
  );

  http.post(
    '/apps/:app_id/imports/:import_id/undo',
    {
      config,
      schema: {
        tags,
        summary: 'Undo an import',
        description:
          'Users whom it created go, others become what they were, where nobody has written about them since.',
        params: oneImport,
        response: { 202: importView },
      },
    },
    async (request, reply) =>
      reply.code(202).send(await imports.undo(request.appId, request.params.import_id, authorOf(request))),
  );

  http.delete(
    '/apps/:app_id/imports/:import_id',
    {
      config,
      schema: {
        tags,
        summary: 'Forget an import',
        description: 'Its file and what an undo needs go; the users stay.',
        params: oneImport,
        response: { 200: Type.Object({ success: Type.Boolean() }) },
      },
    },
    async (request) => {
      await imports.remove(request.appId, request.params.import_id, authorOf(request));
      return { success: true };
    },
  );
}

async function noBodyIsEmpty(request: { body: unknown }): Promise<void> {
  request.body ??= {};
}
