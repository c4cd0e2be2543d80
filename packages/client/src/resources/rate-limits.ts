import type { RateLimitsAnswer, RateLimitsBody } from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Routes of the app's rate limits. They take a key of the organization. */
export class RateLimits {
  readonly #transport: Transport;
  readonly #path: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#path = `/apps/${segment(appId)}/rate_limits`;
  }

  /** The limit of every class, and whether it is the app's own or the server's. */
  view(signal?: AbortSignal): Promise<Answer<RateLimitsAnswer>> {
    return this.#transport.send({ method: 'GET', path: this.#path, repeatable: true, signal });
  }

  /** Only classes that are named change; null gives a class back to the server's default. */
  update(limits: RateLimitsBody, signal?: AbortSignal): Promise<Answer<RateLimitsAnswer>> {
    return this.#transport.send({
      method: 'PATCH',
      path: this.#path,
      body: limits,
      repeatable: true,
      signal,
    });
  }
}
