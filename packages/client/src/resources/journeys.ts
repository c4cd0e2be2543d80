import type { Journey, JourneyInput, JourneyPage } from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Routes of journeys. */
export class Journeys {
  readonly #transport: Transport;
  readonly #base: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#base = `/apps/${segment(appId)}/journeys`;
  }

  /** Makes a draft. Not repeated after a lost answer: a second arrival would make a second journey. */
  create(input: JourneyInput, signal?: AbortSignal): Promise<Answer<Journey>> {
    return this.#transport.send({ method: 'POST', path: this.#base, body: input, repeatable: false, signal });
  }

  /** A merge patch: `{ state: 'active' }` starts it. */
  update(
    id: string,
    patch: Partial<JourneyInput> & { readonly state?: 'draft' | 'scheduled' | 'active' | 'archived' },
    signal?: AbortSignal,
  ): Promise<Answer<Journey>> {
    return this.#transport.send({
      method: 'PATCH',
      path: this.#one(id),
      body: patch,
      repeatable: true,
      signal,
    });
  }

  view(id: string, signal?: AbortSignal): Promise<Answer<Journey>> {
    return this.#transport.send({ method: 'GET', path: this.#one(id), repeatable: true, signal });
  }

  /** Newest first, at most 50 at a time. */
  list(
    query: { readonly cursor?: string; readonly limit?: number } = {},
    signal?: AbortSignal,
  ): Promise<Answer<JourneyPage>> {
    return this.#transport.send({ method: 'GET', path: this.#base, query, repeatable: true, signal });
  }

  delete(id: string, signal?: AbortSignal): Promise<Answer<{ success: boolean }>> {
    return this.#transport.send({ method: 'DELETE', path: this.#one(id), repeatable: true, signal });
  }

  #one(id: string): string {
    return `${this.#base}/${segment(id)}`;
  }
}
