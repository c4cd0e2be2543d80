import { exportEventsAnswer, messageHistoryAnswer, messageHistoryBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../../platform/http/route.ts';
import type { MessageExports } from './message-exports.ts';

const oneMessage = Type.Object({ message_id: Type.String() });

/** History and audience activity of a message. */
export function messageExportRoutes(exports: MessageExports): Routes {
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
  };
}
