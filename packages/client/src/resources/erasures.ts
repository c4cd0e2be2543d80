import type { Erasure, ErasurePage } from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Routes of erasures: how far the erasing of deleted users has come. */
export class Erasures {
  readonly #transport: Transport;
  readonly #base: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#base = `/apps/${segment(appId)}/erasures`;
  }

  view(id: string, signal?: AbortSignal): Promise<Answer<Erasure>> {
    const path = `${this.#base}/${segment(id)}`;
    return this.#transport.send({ method: 'GET', path, repeatable: true, signal });
  }

  /** Newest first; with `alias`, `label:value`, those that were asked for by it. */
  list(
    query: { readonly limit?: number; readonly cursor?: string; readonly alias?: string } = {},
    signal?: AbortSignal,
  ): Promise<Answer<ErasurePage>> {
    return this.#transport.send({ method: 'GET', path: this.#base, query, repeatable: true, signal });
  }
}
