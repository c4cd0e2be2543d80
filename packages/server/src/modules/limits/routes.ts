import { rateLimits, rateLimitsBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../platform/http/route.ts';
import { authorOf } from '../accounts/index.ts';
import { RateLimits } from './rate-limits.ts';
import type { RateLimitsOptions } from './rate-limits.ts';

// Whoever has closed an app by a limit of 0 must be able to open it again.
const config = { access: 'organization', rate: 'unlimited' } as const;
const params = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const tags = ['Apps'];

/** An extension of ours: the rate limits of an app. */
export function rateLimitRoutes(options: RateLimitsOptions): Routes {
  const limits = new RateLimits(options);
  return (http) => {
    http.get(
      '/apps/:app_id/rate_limits',
      {
        config,
        schema: { tags, summary: 'View the rate limits of an app', params, response: { 200: rateLimits } },
      },
      (request) => limits.view(request.appId),
    );

    http.patch(
      '/apps/:app_id/rate_limits',
      {
        config,
        schema: {
          tags,
          summary: 'Change rate limits of an app',
          description:
            'null gives a class back to the server; a limit of null is no limit; 0 refuses every request.',
          params,
          body: rateLimitsBody,
          response: { 200: rateLimits },
        },
      },
      (request) => limits.change(request.appId, request.body, authorOf(request)),
    );
  };
}
