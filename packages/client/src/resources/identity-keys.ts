import type { CreatedIdentityKey, CreateIdentityKeyBody, IdentityKeyAnswer } from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Routes of the keys that identity tokens of the app's users are signed with. Changes take a key of the organization. */
export class IdentityKeys {
  readonly #transport: Transport;
  readonly #base: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#base = `/apps/${segment(appId)}/identity_keys`;
  }

  list(signal?: AbortSignal): Promise<Answer<{ readonly identity_keys: readonly IdentityKeyAnswer[] }>> {
    return this.#transport.send({ method: 'GET', path: this.#base, repeatable: true, signal });
  }

  /**
   * Adds a key. Without `public_key` the server makes a pair, and tells its private half this once. Not
   * repeated after a lost answer: a second arrival would make a second pair.
   */
  create(input: CreateIdentityKeyBody, signal?: AbortSignal): Promise<Answer<CreatedIdentityKey>> {
    return this.#transport.send({
      method: 'POST',
      path: this.#base,
      body: input,
      repeatable: false,
      signal,
    });
  }

  /** Tokens that it has signed open nothing any more. */
  delete(id: string, signal?: AbortSignal): Promise<Answer<object>> {
    const path = `${this.#base}/${segment(id)}`;
    return this.#transport.send({ method: 'DELETE', path, repeatable: true, signal });
  }
}
