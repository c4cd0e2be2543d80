import type {
  CreateWebhookBody,
  EnableWebhookBody,
  RotateStreamSecretAnswer,
  RotateStreamSecretBody,
  TestWebhookAnswer,
  TestWebhookBody,
  UpdateWebhookBody,
  WebhookAttemptPage,
  WebhookPage,
  WebhookView,
} from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Which requests of a webhook are listed; without any all of them. */
export interface WebhookAttemptQuery {
  readonly outcome?: 'taken' | 'failed' | 'given_up';
  /** Of the answer. */
  readonly status?: number;
  /** The id of a call, a user, a journey, a node or a run. */
  readonly about?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

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

  /** Its secret is told in this answer alone, so a lost answer is not repeated. */
  create(webhook: CreateWebhookBody, signal?: AbortSignal): Promise<Answer<WebhookView>> {
    return this.#transport.send({
      method: 'POST',
      path: this.#base,
      body: webhook,
      repeatable: false,
      signal,
    });
  }

  /** With what waits for it, and why it rests or is disabled. */
  view(id: string, signal?: AbortSignal): Promise<Answer<WebhookView>> {
    return this.#transport.send({ method: 'GET', path: this.#pathOf(id), repeatable: true, signal });
  }

  /** What is left out stays as it is. */
  update(id: string, changes: UpdateWebhookBody, signal?: AbortSignal): Promise<Answer<WebhookView>> {
    const path = this.#pathOf(id);
    return this.#transport.send({ method: 'PATCH', path, body: changes, repeatable: true, signal });
  }

  delete(id: string, signal?: AbortSignal): Promise<Answer<{ readonly success: boolean }>> {
    return this.#transport.send({ method: 'DELETE', path: this.#pathOf(id), repeatable: true, signal });
  }

  /** Calls wait, for 30 days. */
  disable(id: string, signal?: AbortSignal): Promise<Answer<WebhookView>> {
    return this.#post(id, 'disable', {}, true, signal);
  }

  /** One that was disabled or rests goes on at once, with the calls that wait. */
  enable(id: string, options: EnableWebhookBody = {}, signal?: AbortSignal): Promise<Answer<WebhookView>> {
    return this.#post(id, 'enable', options, true, signal);
  }

  /** Not repeated after a lost answer, which would tell the secret. */
  rotateSecret(
    id: string,
    options: RotateStreamSecretBody = {},
    signal?: AbortSignal,
  ): Promise<Answer<RotateStreamSecretAnswer>> {
    return this.#post(id, 'rotate_secret', options, false, signal);
  }

  /** Makes one call, once. Not repeated after a lost answer. */
  test(id: string, options: TestWebhookBody = {}, signal?: AbortSignal): Promise<Answer<TestWebhookAnswer>> {
    return this.#post(id, 'test', options, false, signal);
  }

  /** Its requests with what was answered, the newest first. */
  attempts(
    id: string,
    query: WebhookAttemptQuery = {},
    signal?: AbortSignal,
  ): Promise<Answer<WebhookAttemptPage>> {
    const path = `${this.#pathOf(id)}/attempts`;
    return this.#transport.send({ method: 'GET', path, query: { ...query }, repeatable: true, signal });
  }

  #post<Value>(
    id: string,
    what: string,
    body: object,
    repeatable: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Answer<Value>> {
    const path = `${this.#pathOf(id)}/${what}`;
    return this.#transport.send({ method: 'POST', path, body, repeatable, signal });
  }

  #pathOf(id: string): string {
    return `${this.#base}/${segment(id)}`;
  }
}
