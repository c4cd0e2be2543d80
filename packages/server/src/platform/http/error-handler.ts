import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../log.ts';
import { ApiError } from './api-error.ts';
import { errorBody } from './error-body.ts';
import { describeFault, isOutage } from './fault.ts';
import type { Envelope, Http } from './route.ts';
import { validationError } from './validation-error.ts';
import type { Part } from './validation-error.ts';

/** Seconds: long enough for a database to come back or a connection to come free. */
const RETRY_OUTAGE = 5;

/** Turns whatever a route threw into an entry of the catalogue, in the route's own envelope. */
export function answerErrors(http: Http, log: Logger): void {
  http.setErrorHandler<FastifyError>((error, request, reply) => {
    const { envelope = 'structured', rateEnvelope = envelope } = request.routeOptions.config;
    const refusal = toApiError(error, request, envelope);
    if (refusal.status >= 500) {
      log.error(
        { request: request.id, route: request.routeOptions.url, fault: describeFault(error) },
        'request failed',
      );
    }
    return sendError(reply, refusal, refusal.code === 'rate-limit' ? rateEnvelope : envelope);
  });
}

/** Answers with one refusal. Also for what never reaches a route, such as an unreadable path. */
export function sendError(reply: FastifyReply, error: ApiError, envelope: Envelope): FastifyReply {
  void reply.code(error.status);
  if (error.retryAfter !== undefined) void reply.header('retry-after', String(Math.ceil(error.retryAfter)));
  const body = errorBody(error, envelope);
  if (body === null) return reply.type('text/plain').send('');
  void reply.type('application/json; charset=utf-8');
  // Written here, because a route's response schema may know nothing of errors.
  return reply.serializer(JSON.stringify).send(body);
}

function toApiError(error: FastifyError, request: FastifyRequest, envelope: Envelope): ApiError {
  if (error instanceof ApiError) return error;
  if (error.validation !== undefined) {
    const part = error.validationContext as Exclude<Part, 'line'>;
    const value = part === 'querystring' ? request.query : request[part];
    return validationError(error.validation, part, value, envelope);
  }
  if (isOutage(error)) return new ApiError('unavailable', { retryAfter: RETRY_OUTAGE, cause: error });
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ApiError('body-too-large', { params: { limit: request.routeOptions.bodyLimit } });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ApiError('content-type', { params: { type: request.headers['content-type'] ?? 'missing' } });
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new ApiError('url-malformed');
    default:
      return error.statusCode !== undefined && error.statusCode < 500 && error.statusCode >= 400
        ? new ApiError('body-malformed', { params: { reason: error.message }, cause: error })
        : new ApiError('internal', { cause: error });
  }
}
