import type { Readable } from 'node:stream';
import { importFromUrlBody, importView } from '@carillon/wire';
import type { ImportFromUrlBody } from '@carillon/wire';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ApiError } from '../../platform/http/api-error.ts';
import { parseJsonBody } from '../../platform/http/json-body.ts';
import type { Http, Routes } from '../../platform/http/route.ts';
import { validationError } from '../../platform/http/validation-error.ts';
import { authorOf } from '../accounts/index.ts';
import { openForm } from './form-file.ts';
import type { ImportFiles, UploadedFile } from './import-files.ts';
import { uploadBody } from './upload-body.ts';

const FILE = /^(?:text\/(?:csv|plain)|application\/(?:csv|gzip|x-gzip|octet-stream))\s*(?:;|$)/i;
const FORM = /^multipart\/form-data\s*(?:;|$)/i;
const JSON_TYPE = /^application\/json\s*(?:;|$)/i;
const LONGEST_JSON = 16 * 1024;
/** Of a file without a name. */
const NAME = 'upload.csv';

/** The one that takes files, whose body is not read before it. */
export function fileRoute(files: ImportFiles): Routes {
  return (http) => {
    // The handler reads the body itself.
    http.removeAllContentTypeParsers();
    http.addContentTypeParser('*', (_request, _body, done) => done(null));
    addUpload(http, files);
  };
}

function addUpload(http: Http, files: ImportFiles): void {
  http.post(
    '/apps/:app_id/imports',
    {
      config: { access: 'app', streamsBody: true },
      schema: {
        tags: ['Imports'],
        summary: 'Bring a CSV file of users',
        description:
          'The body is the file, CSV or gzip of it; a form with the field `file`; or JSON with the `url` of a file, which a job then fetches. Nothing is written before it is started.',
        consumes: ['text/csv', 'application/gzip', 'multipart/form-data', 'application/json'],
        params: Type.Object({ app_id: Type.String({ format: 'uuid' }) }),
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
        return reply.code(202).send(await files.fromUrl(appId, await readJson(request), author));
      }
      const body = uploadBody(request.raw);
      try {
        const file = await openFile(request, body);
        return reply.code(201).send(await files.upload(appId, file, author));
      } finally {
        body.destroy();
      }
    },
  );
}

/** A name in the address goes before that in a form. */
async function openFile(
  { headers, query }: Pick<FastifyRequest<{ Querystring: { name?: string } }>, 'headers' | 'query'>,
  body: Readable,
): Promise<UploadedFile> {
  const type = headers['content-type'] ?? 'none';
  if (FORM.test(type)) {
    const { name, bytes } = await openForm(body, headers);
    return { name: query.name ?? name ?? NAME, bytes };
  }
  if (!FILE.test(type)) throw new ApiError('import-content-type', { params: { type } });
  return { name: query.name ?? NAME, bytes: body as AsyncIterable<Buffer> };
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
