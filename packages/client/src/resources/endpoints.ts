import type {
  EndpointBody,
  EndpointList,
  EndpointPostAccepted,
  EndpointPostBody,
  EndpointPostPage,
  EndpointPostView,
  EndpointTestAnswer,
  EndpointView,
} from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Webhooks and rooms of chats that an app posts to, under names of their own. */
export class Endpoints {
  readonly #transport: Transport;
  readonly #base: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#base = `/apps/${segment(appId)}/endpoints`;
  }

  list(signal?: AbortSignal): Promise<Answer<EndpointList>> {
    return this.#transport.send({ method: 'GET', path: this.#base, repeatable: true, signal });
  }

  view(name: string, signal?: AbortSignal): Promise<Answer<EndpointView>> {
    return this.#transport.send({ method: 'GET', path: this.#pathOf(name), repeatable: true, signal });
  }

  /**
   * Replaces what was set under this name before. The secret of a webhook that gives none is made and told in this
   * answer alone, so a lost answer is not repeated for a webhook without one.
   */
  set(name: string, endpoint: EndpointBody, signal?: AbortSignal): Promise<Answer<EndpointView>> {
    const repeatable = endpoint.kind !== 'webhook' || endpoint.secret !== undefined;
    return this.#transport.send({
      method: 'PUT',
      path: this.#pathOf(name),
      body: endpoint,
      repeatable,
      signal,
    });
  }

  /** What waits to be posted to it ends as failed. */
  delete(name: string, signal?: AbortSignal): Promise<Answer<{ readonly success: boolean }>> {
    return this.#transport.send({ method: 'DELETE', path: this.#pathOf(name), repeatable: true, signal });
  }

  /** Repeated after a lost answer only under an idempotency_key. */
  post(name: string, post: EndpointPostBody, signal?: AbortSignal): Promise<Answer<EndpointPostAccepted>> {
    const repeatable = post.idempotency_key !== undefined;
    const path = `${this.#pathOf(name)}/posts`;
    return this.#transport.send({ method: 'POST', path, body: post, repeatable, signal });
  }

  /** What became of posts, the newest first. */
  posts(
    name: string,
    query: { readonly limit?: number; readonly cursor?: string } = {},
    signal?: AbortSignal,
  ): Promise<Answer<EndpointPostPage>> {
    const path = `${this.#pathOf(name)}/posts`;
    return this.#transport.send({ method: 'GET', path, query, repeatable: true, signal });
  }

  viewPost(name: string, id: string, signal?: AbortSignal): Promise<Answer<EndpointPostView>> {
    const path = `${this.#pathOf(name)}/posts/${segment(id)}`;
    return this.#transport.send({ method: 'GET', path, repeatable: true, signal });
  }

  /** Posts a test at once, and tells what the other side says. Not repeated after a lost answer. */
  test(name: string, signal?: AbortSignal): Promise<Answer<EndpointTestAnswer>> {
    const path = `${this.#pathOf(name)}/test`;
    return this.#transport.send({ method: 'POST', path, repeatable: false, signal });
  }

  #pathOf(name: string): string {
    return `${this.#base}/${segment(name)}`;
  }
}
