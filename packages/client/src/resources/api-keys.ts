import type { ApiKey, CreateApiKeyBody, CreatedApiKey, UpdateApiKeyBody } from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Routes of API keys: of an app, or of an organization itself. They take a key of the organization. */
export class ApiKeys {
  readonly #transport: Transport;
  readonly #base: string;

  /** `owner` is a path: `/apps/{id}` or `/organizations/{id}`. */
  constructor(transport: Transport, owner: string) {
    this.#transport = transport;
    this.#base = `${owner}/auth/tokens`;
  }

  /** Without their secrets, which are told only once. */
  list(signal?: AbortSignal): Promise<Answer<{ readonly tokens: readonly ApiKey[] }>> {
    return this.#transport.send({ method: 'GET', path: this.#base, repeatable: true, signal });
  }

  /** Tells the secret this once. Not repeated after a lost answer: a second arrival would make a second key. */
  create(input: CreateApiKeyBody, signal?: AbortSignal): Promise<Answer<CreatedApiKey>> {
    return this.#transport.send({
      method: 'POST',
      path: this.#base,
      body: input,
      repeatable: false,
      signal,
    });
  }

  /** Renames it, or changes the addresses from which it works. */
  update(id: string, input: UpdateApiKeyBody, signal?: AbortSignal): Promise<Answer<object>> {
    const call = { path: this.#one(id), body: input };
    return this.#transport.send({ method: 'PATCH', ...call, repeatable: true, signal });
  }

  /**
   * Gives it a new secret; the old one opens nothing any more. Not repeated after a lost answer: rotate it
   * again then, since nobody has been told the new secret.
   */
  rotate(id: string, signal?: AbortSignal): Promise<Answer<Pick<CreatedApiKey, 'formatted_token'>>> {
    const path = `${this.#one(id)}/rotate`;
    return this.#transport.send({ method: 'POST', path, repeatable: false, signal });
  }

  delete(id: string, signal?: AbortSignal): Promise<Answer<object>> {
    return this.#transport.send({ method: 'DELETE', path: this.#one(id), repeatable: true, signal });
  }

  #one(id: string): string {
    return `${this.#base}/${segment(id)}`;
  }
}
