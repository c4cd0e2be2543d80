import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { RouteOptions } from 'fastify';
import type { Http } from './route.ts';

/** The API's description at `/openapi.json`, made from the routes' own schemas. Registered before them. */
export async function describeApi(http: Http): Promise<void> {
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Carillon',
        description: 'Customer messaging with your own database as the source of truth.',
        version: '1',
      },
      components: {
        securitySchemes: {
          appKey: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description: 'Key <app API key>: opens one app.',
          },
          organizationKey: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description: 'Key <organization API key>: opens every app of the organization.',
          },
          identityToken: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'A token signed by the backend of an app that verifies identities: opens one user.',
          },
        },
      },
    },
    transform: ({ schema, url, route }) => ({
      schema: { ...schema, security: securityOf(route) },
      url,
    }),
  });
}

/** A page to read it on, at `/docs`. Everything it loads comes from this server. */
export async function serveApiPage(http: Http): Promise<void> {
  http.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(http.swagger()),
  );
  await http.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { validatorUrl: null, deepLinking: true },
    staticCSP: true,
  });
}

function securityOf({ config }: RouteOptions): Record<string, string[]>[] {
  switch (config?.access) {
    case 'app':
      return [{ appKey: [] }, { organizationKey: [] }];
    case 'app-or-user':
      return [{ appKey: [] }, { organizationKey: [] }, { identityToken: [] }];
    case 'organization':
      return [{ organizationKey: [] }];
    case 'public':
    case undefined:
      return [];
  }
}
