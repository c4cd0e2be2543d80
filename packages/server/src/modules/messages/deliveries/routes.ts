import { deliveryPage, deliveryQuery, userDeliveryQuery } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../../platform/http/route.ts';
import { parseAddress } from '../../identity/index.ts';
import type { Deliveries } from './deliveries.ts';

const config = { access: 'app' } as const;

/** Extensions of ours: what became of a message for each of those it was for. */
export function deliveryRoutes(deliveries: Deliveries): Routes {
  return (http) => {
    http.get(
      '/apps/:app_id/messages/:message_id/deliveries',
      {
        config,
        schema: {
          summary: 'List the deliveries of a message',
          params: Type.Object({ app_id: Type.String({ format: 'uuid' }), message_id: Type.String() }),
          querystring: deliveryQuery,
          response: { 200: deliveryPage },
        },
      },
      (request) => deliveries.ofMessage(request.appId, request.params.message_id, request.query),
    );

    http.get(
      '/apps/:app_id/users/by/:alias_label/:alias_id/deliveries',
      {
        config,
        schema: {
          summary: 'List the deliveries of a user, newest message first',
          params: Type.Object({
            app_id: Type.String({ format: 'uuid' }),
            alias_label: Type.String(),
            alias_id: Type.String(),
          }),
          querystring: userDeliveryQuery,
          response: { 200: deliveryPage },
        },
      },
      (request) => {
        const { alias_label: label, alias_id: value } = request.params;
        return deliveries.ofUser(request.appId, parseAddress(label, value), request.query);
      },
    );
  };
}
