import type { RateClass } from '@carillon/wire';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { ApiError } from './api-error.ts';

/** Whose request it is. Read as late as possible: an address is worth something only without a key. */
export type Caller = Pick<FastifyRequest, 'principal' | 'appId' | 'ip'>;

/** What a limit says of one request. */
export interface Allowance {
  readonly admitted: boolean;
  /** Requests in a window. */
  readonly limit: number;
  /** Requests that the window still has room for, as far as this process knows. */
  readonly remaining: number;
  /** Until the next window begins: whole seconds, at least 1. */
  readonly resetSeconds: number;
}

/** Counts requests. Implemented by the limits module, called by the HTTP layer. */
export interface RateLimiter {
  /**
   * Takes one request from the limit of `rate` that the caller falls under. Answers at once while this
   * process holds a part of it; null where there is no limit.
   */
  take(rate: RateClass, caller: Caller): Allowance | null | Promise<Allowance | null>;
}

/** Counts one request and refuses it when it is one too many. Undefined when that is settled at once. */
export type Count = (request: FastifyRequest, reply: FastifyReply) => Promise<void> | undefined;

/**
 * How the requests of a route are counted; null for a route that says it has no limit. A route that says
 * nothing is counted as what it looks like, so that none is unlimited by accident.
 */
export function counterOf({ method, config }: RouteOptions, limiter: RateLimiter): Count | null {
  const rate = config?.rate ?? (readsOnly(method) ? 'views' : 'management');
  if (rate === 'unlimited') return null;
  return (request, reply) => {
    const allowance = limiter.take(rate, request);
    if (allowance === null) return undefined;
    if ('then' in allowance) {
      return allowance.then((found) => (found === null ? undefined : settle(found, reply)));
    }
    settle(allowance, reply);
    return undefined;
  };
}

function settle({ admitted, limit, remaining, resetSeconds }: Allowance, reply: FastifyReply): void {
  void reply
    .header('ratelimit-limit', limit)
    .header('ratelimit-remaining', remaining)
    .header('ratelimit-reset', resetSeconds);
  if (!admitted) throw new ApiError('rate-limit', { retryAfter: resetSeconds });
}

function readsOnly(method: RouteOptions['method']): boolean {
  return [method].flat().every((one) => one === 'GET' || one === 'HEAD');
}
