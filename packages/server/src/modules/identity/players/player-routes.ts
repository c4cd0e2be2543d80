import { player, playerAnswer, playerBody, playerPage, playerTagsBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../../platform/http/route.ts';
import { playersCall } from './players-call.ts';
import type { Players } from './players.ts';

const MOST_ON_A_PAGE = 300;

/** Devices need no key: they know the app's id, and the player's, which nobody can guess. */
const config = { access: 'public', envelope: 'basic' } as const;
const writes = { ...config, rate: 'users' } as const;
const onePlayer = Type.Object({ player_id: Type.String() });
const ofApp = Type.Object({ app_id: Type.Optional(Type.String()) });

/** Players, which old clients know instead of users and subscriptions. */
export function playerRoutes(players: Players): Routes {
  return (http) => {
    http.post(
      '/players',
      {
        config: writes,
        schema: {
          summary: 'Create a player, or change the one that has this identifier',
          body: playerBody,
          response: { 200: playerAnswer },
        },
      },
      async (request) => ({ success: true, id: await players.create(playersCall(request), request.body) }),
    );
    http.get(
      '/players/:player_id',
      {
        config,
        schema: {
          summary: 'View a player',
          params: onePlayer,
          querystring: ofApp,
          response: { 200: player },
        },
      },
      (request) => players.view(playersCall(request).appId, request.params.player_id),
    );
    http.put(
      '/players/:player_id',
      {
        config: writes,
        schema: {
          summary: 'Change a player',
          params: onePlayer,
          body: playerBody,
          response: { 200: playerAnswer },
        },
      },
      async (request) => {
        await players.update(playersCall(request), request.params.player_id, request.body);
        return { success: true };
      },
    );
    http.delete(
      '/players/:player_id',
      {
        config: { ...writes, access: 'app' },
        schema: {
          summary: 'Delete a player',
          params: onePlayer,
          querystring: Type.Object({ app_id: Type.String() }),
          response: { 200: playerAnswer },
        },
      },
      async (request) => {
        await players.delete(playersCall(request), request.params.player_id);
        return { success: true };
      },
    );
    http.get(
      '/players',
      {
        config: { ...config, access: 'app' },
        schema: {
          summary: 'View players, the oldest first',
          querystring: Type.Object({
            app_id: Type.String(),
            limit: Type.Optional(Type.Integer({ minimum: 1 })),
            offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
          }),
          response: { 200: playerPage },
        },
      },
      (request) => {
        const { limit = MOST_ON_A_PAGE, offset = 0 } = request.query;
        return players.list(request.appId, { limit: Math.min(limit, MOST_ON_A_PAGE), offset });
      },
    );
    http.put(
      '/apps/:app_id/users/:external_user_id',
      {
        config: writes,
        schema: {
          summary: 'Change tags of the user that has this external_id',
          params: Type.Object({
            app_id: Type.String({ format: 'uuid' }),
            external_user_id: Type.String(),
          }),
          body: playerTagsBody,
          response: { 200: playerAnswer },
        },
      },
      async (request) => {
        await players.editTags(playersCall(request), request.params.external_user_id, request.body);
        return { success: true };
      },
    );
  };
}
