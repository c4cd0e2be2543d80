import type { FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';
import type { Http, Routes } from './route.ts';

/** Routes whose bodies are texts as they came, of whatever content type: a signature is over the text. */
export function withRawText(routes: Routes): Routes {
  return (http) => {
    void http.register(async (scope: Http) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser<string>('*', { parseAs: 'string' }, keepText);
      routes(scope);
    });
  };
}

const keepText = async (_request: FastifyRequest, text: string): Promise<string> => text;

/** The text of a request to such a route; empty where it has none. */
export function textOf({ body }: FastifyRequest): string {
  return typeof body === 'string' ? body : '';
}

/** What a text of JSON says; no members where it is no object. Throws ApiError `body-malformed`. */
export function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    throw new ApiError('body-malformed', { params: { reason: (error as Error).message }, cause: error });
  }
}

/** A route whose path has a part that names nothing is answered like one that is none. */
export function noSuchRoute({ method, originalUrl }: FastifyRequest): ApiError {
  return new ApiError('not-found', { params: { method, path: originalUrl.split('?')[0] ?? '' } });
}
