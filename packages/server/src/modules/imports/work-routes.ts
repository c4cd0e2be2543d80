import { importView, startImportBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Http } from '../../platform/http/route.ts';
import { authorOf } from '../accounts/index.ts';
import type { ImportWork } from './import-work.ts';
import { config, noBodyIsEmpty, oneImport, tags } from './route-parts.ts';

/** What is to become of one import. */
export function addWork(http: Http, work: ImportWork): void {
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
      return reply.code(202).send(await work.start(appId, params.import_id, body, authorOf(request)));
    },
  );

  http.post(
    '/apps/:app_id/imports/:import_id/cancel',
    {
      config,
      schema: {
        tags,
        summary: 'Cancel an import',
        description:
          'What is written by then stays, and can be undone. An undo is stopped, too: what is undone by then stays so.',
        params: oneImport,
        response: { 200: importView },
      },
    },
    (request) => work.cancel(request.appId, request.params.import_id, authorOf(request)),
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
      reply.code(202).send(await work.undo(request.appId, request.params.import_id, authorOf(request))),
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
      await work.remove(request.appId, request.params.import_id, authorOf(request));
      return { success: true };
    },
  );
}
