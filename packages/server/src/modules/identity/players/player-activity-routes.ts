import { playerAnswer, playerBody, playerFocusBody, playerPurchasesBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { FastifyRequest } from 'fastify';
import type { Routes } from '../../../platform/http/route.ts';
import { playersCall } from './players-call.ts';
import type { Players } from './players.ts';

const config = { access: 'public', envelope: 'basic', rate: 'users' } as const;
const onePlayer = Type.Object({ player_id: Type.String() });

/** What old clients report of a player: sessions, their time, purchases. */
export function playerActivityRoutes(players: Players): Routes {
  return (http) => {
    http.post(
      '/players/:player_id/on_session',
      {
        config,
        preValidation: noBodySaysNothing,
        schema: {
          summary: 'A session of a player begins',
          params: onePlayer,
          body: playerBody,
          response: { 200: playerAnswer },
        },
      },
      async (request) => {
        const id = await players.startSession(playersCall(request), request.params.player_id, request.body);
        return { success: true, ...(id !== null && { id }) };
      },
    );
    http.post(
      '/players/:player_id/on_purchase',
      {
        config,
        schema: {
          summary: 'A player has bought something',
          params: onePlayer,
          body: playerPurchasesBody,
          response: { 200: playerAnswer },
        },
      },
      async (request) => {
        await players.addPurchases(playersCall(request), request.params.player_id, request.body);
        return { success: true };
      },
    );
    http.post(
      '/players/:player_id/on_focus',
      {
        config,
        preValidation: noBodySaysNothing,
        schema: {
          summary: 'A session of a player goes on',
          params: onePlayer,
          body: playerFocusBody,
          response: { 200: playerAnswer },
        },
      },
      async (request) => {
        await players.addFocus(playersCall(request), request.params.player_id, request.body);
        return { success: true };
      },
    );
  };
}

/** Some old clients send a session without a body. */
async function noBodySaysNothing(request: FastifyRequest): Promise<void> {
  request.body ??= {};
}
