import { createGunzip } from 'node:zlib';
import { exportEventsAnswer, messageHistoryAnswer, messageHistoryBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { ExportFiles } from '../../../platform/export-files/index.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { PLAIN_KINDS } from './message-exports.ts';
import type { MessageExports } from './message-exports.ts';

export interface MessageExportRouteOptions {
  readonly exports: MessageExports;
  readonly files: ExportFiles;
}

const oneMessage = Type.Object({ message_id: Type.String() });

/** History and audience activity of a message, and the files that they lead to. */
export function messageExportRoutes({ exports, files }: MessageExportRouteOptions): Routes {
  return (http) => {
    http.post(
      '/notifications/:message_id/history',
      {
        config: { access: 'app', envelope: 'basic', rate: 'exports' },
        schema: {
          summary: 'Ask for the history of a message',
          params: oneMessage,
          body: messageHistoryBody,
          response: { 202: messageHistoryAnswer },
        },
      },
      async (request, reply) => {
        const url = await exports.history(request.appId, request.params.message_id, request.body);
        return reply.code(202).send({ success: true, destination_url: url });
      },
    );

    http.post(
      '/notifications/:message_id/export_events',
      {
        config: { access: 'app', envelope: 'basic', rate: 'exports', denied: 'access-denied-export' },
        schema: {
          summary: 'Ask for the audience activity of a message',
          params: oneMessage,
          querystring: Type.Object({ app_id: Type.String() }),
          response: { 200: exportEventsAnswer },
        },
      },
      async (request) => ({
        csv_file_url: await exports.activity(request.appId, request.params.message_id),
      }),
    );

    // The link is the key: nobody can guess it, and it leads to one file for some days.
    http.get(
      '/exports/:token/:name',
      {
        config: { access: 'public', envelope: 'basic', rate: 'unlimited', pages: 'own' },
        exposeHeadRoute: false,
        schema: { hide: true, params: Type.Object({ token: Type.String(), name: Type.String() }) },
      },
      async (request, reply) => {
        const { file, bytes } = await files.open(request.params.token);
        const isPlain = PLAIN_KINDS.includes(file.kind);
        return reply
          .type(isPlain ? 'text/csv; charset=utf-8' : 'application/gzip')
          .header('content-disposition', 'attachment')
          .header('cache-control', 'no-store')
          .send(isPlain ? bytes.pipe(createGunzip()) : bytes);
      },
    );
  };
}
