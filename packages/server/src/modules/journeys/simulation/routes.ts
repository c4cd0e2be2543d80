import { journeySimulation, journeySimulationBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../../platform/http/route.ts';
import type { Simulations } from './simulations.ts';

const config = { access: 'app', envelope: 'structured', denied: 'access-denied' } as const;

/** An extension of ours: what a journey would have done. */
export function simulationRoutes(simulations: Simulations): Routes {
  return (http) => {
    http.post(
      '/apps/:app_id/journeys/:journey_id/simulate',
      {
        config,
        schema: {
          summary: 'Tell what a journey would have done in a past period',
          params: Type.Object({
            app_id: Type.String({ format: 'uuid' }),
            journey_id: Type.String({ format: 'uuid' }),
          }),
          body: journeySimulationBody,
          response: { 200: journeySimulation },
        },
      },
      async ({ appId, params, body }, reply) => {
        const left = new AbortController();
        // Whoever does not wait any more needs no answer.
        const onClose = () => left.abort();
        reply.raw.once('close', onClose);
        return simulations.simulate(appId, params.journey_id, body, left.signal);
      },
    );
  };
}
