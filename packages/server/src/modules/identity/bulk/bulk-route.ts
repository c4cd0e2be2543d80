import type { Readable } from 'node:stream';
import { bulkUserResult, createUserBody } from '@carillon/wire';
import type { BulkUserResult, CreateUserBody } from '@carillon/wire';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ApiError } from '../../../platform/http/api-error.ts';
import { describeFault } from '../../../platform/http/fault.ts';
import type { Http, Routes } from '../../../platform/http/route.ts';
import { validationError } from '../../../platform/http/validation-error.ts';
import { sourceOf } from '../change-source.ts';
import { BodyPieces } from './body-pieces.ts';
import type { BulkRun } from './bulk-run.ts';
import type { BulkUsers } from './bulk-users.ts';
import { HeldAnswer } from './held-answer.ts';
import type { CheckShape } from './parse-line.ts';

const NDJSON = /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines)\s*(;|$)/i;

/** An extension of ours: many users in one request, read and answered line by line. */
export function bulkRoute(bulk: BulkUsers): Routes {
  return (http) => {
    void http.register(async (scope: Http) => {
      // The handler reads the body itself.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _body, done) => done(null));
      scope.addHook('preClose', async () => bulk.stop());
      addRoute(scope, bulk);
    });
  };
}

function addRoute(http: Http, bulk: BulkUsers): void {
  http.post(
    '/apps/:app_id/users/bulk',
    {
      config: { access: 'app', rate: 'bulk', streamsBody: true },
      onRequest: async (request) => void encodingOf(request),
      schema: {
        summary: 'Create or change many users, one on each line',
        description:
          'Each line is a body of POST /apps/{app_id}/users. The answer has a line for each, as it is committed, and a summary at the end.',
        consumes: ['application/x-ndjson'],
        params: Type.Object({ app_id: Type.String({ format: 'uuid' }) }),
        querystring: Type.Object({
          /** The number of the first line that counts; those before it are skipped. */
          from_line: Type.Optional(Type.Integer({ minimum: 1 })),
        }),
        response: {
          200: {
            description: 'One line for each line, and a summary',
            content: { 'application/x-ndjson': { schema: bulkUserResult } },
          },
        },
      },
    },
    async (request, reply) => {
      const { raw } = request;
      const pieces = new BodyPieces(raw, {
        gzip: encodingOf(request) === 'gzip',
        clock: bulk.clock,
        stallMs: bulk.limits.stallMs,
      });
      const run = await bulk.open({
        appId: request.appId,
        source: { ...sourceOf(request.principal), way: 'bulk' },
        pieces,
        from: request.query.from_line ?? 1,
        checkShape: shapeCheck(request),
        onFault: (error) =>
          request.log.error({ request: request.id, fault: describeFault(error) }, 'bulk fault'),
      });
      reply.raw.once('close', () => run.end());
      const answer = new HeldAnswer({
        request: raw,
        response: reply.raw,
        clock: bulk.clock,
        mostBytes: bulk.limits.answerBytes,
        stallMs: bulk.limits.stallMs,
        longestMs: bulk.limits.longestMs,
        onStall: () => run.giveUp() || raw.destroy(),
      });
      void fill(answer, run);
      return reply.type('application/x-ndjson').send(answer as Readable as Readable & BulkUserResult);
    },
  );
}

/** Ends `run` with its answer, whichever is first. */
async function fill(answer: HeldAnswer, run: BulkRun): Promise<void> {
  try {
    for await (const piece of run.answer()) if (!(await answer.put(piece))) return;
    answer.finish();
  } catch (error) {
    answer.destroy(error as Error);
  }
}

/** Throws ApiError when the body is not what a bulk request has, before any of it is read. */
function encodingOf({ headers }: FastifyRequest): 'gzip' | 'none' {
  const type = headers['content-type'] ?? 'none';
  if (!NDJSON.test(type)) throw new ApiError('bulk-content-type', { params: { type } });
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'gzip' || encoding === 'x-gzip') return 'gzip';
  if (encoding === 'identity') return 'none';
  throw new ApiError('bulk-content-encoding', { params: { encoding } });
}

/** The same check, and the same sentences, as the route of one user has. */
function shapeCheck(request: FastifyRequest): CheckShape {
  const validate = request.compileValidationSchema(createUserBody);
  return (value) => {
    if (validate(value)) return value as CreateUserBody;
    throw validationError(validate.errors ?? [], 'line', value, 'structured');
  };
}
