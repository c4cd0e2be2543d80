import type { WebhookPage } from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Requests that journeys make. */
export class Webhooks {
  readonly #transport: Transport;
  readonly #base: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#base = `/apps/${segment(appId)}/webhooks`;
  }

  /** By name, at most 200 at a time. */
  list(
    query: { readonly cursor?: string; readonly limit?: number } = {},
    signal?: AbortSignal,
  ): Promise<Answer<WebhookPage>> {
    return this.#transport.send({ method: 'GET', path: this.#base, query, repeatable: true, signal });
  }
}
