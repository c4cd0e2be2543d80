import type { AbTestPage, AbTestView, CreateAbTestAnswer, CreateAbTestBody } from '@carillon/wire';
import { randomUUID } from 'node:crypto';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Routes of A/B tests: variants of a message for parts of an audience, and the best for the rest. Carillon only. */
export class AbTests {
  readonly #transport: Transport;
  readonly #base: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#base = `/apps/${segment(appId)}/ab_tests`;
  }

  /** Safe to repeat: with the same idempotency key no second test is made. */
  create(input: CreateAbTestBody, signal?: AbortSignal): Promise<Answer<CreateAbTestAnswer>> {
    const body = { idempotency_key: randomUUID(), ...input };
    return this.#transport.send({ method: 'POST', path: this.#base, body, repeatable: true, signal });
  }

  view(id: string, signal?: AbortSignal): Promise<Answer<AbTestView>> {
    return this.#transport.send({ method: 'GET', path: this.#pathOf(id), repeatable: true, signal });
  }

  /** Newest first, at most 50 at a time. */
  list(
    query: { readonly limit?: number; readonly cursor?: string } = {},
    signal?: AbortSignal,
  ): Promise<Answer<AbTestPage>> {
    return this.#transport.send({ method: 'GET', path: this.#base, query, repeatable: true, signal });
  }

  /** The variant of this name goes to the rest of the audience, whatever was counted. */
  chooseWinner(id: string, variant: string, signal?: AbortSignal): Promise<Answer<AbTestView>> {
    const path = `${this.#pathOf(id)}/winner`;
    return this.#transport.send({ method: 'POST', path, body: { variant }, repeatable: true, signal });
  }

  /** Stops whatever of it has not been handed over yet. */
  cancel(id: string, signal?: AbortSignal): Promise<Answer<{ readonly success: boolean }>> {
    return this.#transport.send({ method: 'DELETE', path: this.#pathOf(id), repeatable: true, signal });
  }

  #pathOf(id: string): string {
    return `${this.#base}/${segment(id)}`;
  }
}
