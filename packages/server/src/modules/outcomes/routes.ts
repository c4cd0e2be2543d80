import {
  measureOutcomeBody,
  measureOutcomeSourcesBody,
  outcomesAnswer,
  outcomesQuery,
  outcomeMeasured,
} from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../platform/http/route.ts';
import type { Outcomes } from './outcomes.ts';
import { parseOutcome, parseOutcomeSources } from './parse-outcome.ts';
import { parseQuestion } from './parse-question.ts';

const ofDevice = { access: 'public', envelope: 'basic', rate: 'events' } as const;

/** Devices report outcomes without a key; the app's backend reads the sums with it. */
export function outcomeRoutes(outcomes: Outcomes): Routes {
  return (http) => {
    http.post(
      '/outcomes/measure',
      {
        config: ofDevice,
        schema: {
          summary: 'Report an outcome',
          body: measureOutcomeBody,
          response: { 200: outcomeMeasured },
        },
      },
      async (request) => {
        await outcomes.measure(request.appId, parseOutcome(request.body));
        return {};
      },
    );

    http.post(
      '/outcomes/measure_sources',
      {
        config: ofDevice,
        schema: {
          summary: 'Report an outcome with its sources',
          body: measureOutcomeSourcesBody,
          response: { 200: outcomeMeasured },
        },
      },
      async (request) => {
        await outcomes.measure(request.appId, parseOutcomeSources(request.body));
        return {};
      },
    );

    http.get(
      '/apps/:app_id/outcomes',
      {
        config: { access: 'app', envelope: 'basic' },
        schema: {
          summary: 'View the sums of outcomes',
          params: Type.Object({ app_id: Type.String() }),
          querystring: outcomesQuery,
          response: { 200: outcomesAnswer },
        },
      },
      async (request) => ({ outcomes: await outcomes.read(request.appId, parseQuestion(request.query)) }),
    );
  };
}
