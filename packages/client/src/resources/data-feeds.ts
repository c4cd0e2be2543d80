import type { CreateDataFeedBody, DataFeedList, DataFeedView, UpdateDataFeedBody } from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Routes of data feeds: where emails get data about their recipients from when they are sent. */
export class DataFeeds {
  readonly #transport: Transport;
  readonly #base: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#base = `/apps/${segment(appId)}/data_feeds`;
  }

  /** Not repeated after a lost answer: a second arrival would find its alias taken. */
  create(input: CreateDataFeedBody, signal?: AbortSignal): Promise<Answer<DataFeedView>> {
    return this.#transport.send({
      method: 'POST',
      path: this.#base,
      body: input,
      repeatable: false,
      signal,
    });
  }

  list(signal?: AbortSignal): Promise<Answer<DataFeedList>> {
    return this.#transport.send({ method: 'GET', path: this.#base, repeatable: true, signal });
  }

  view(id: string, signal?: AbortSignal): Promise<Answer<DataFeedView>> {
    return this.#transport.send({ method: 'GET', path: this.#pathOf(id), repeatable: true, signal });
  }

  /** Only what is named changes; headers change as a whole. */
  update(id: string, input: UpdateDataFeedBody, signal?: AbortSignal): Promise<Answer<DataFeedView>> {
    const call = { path: this.#pathOf(id), body: input };
    return this.#transport.send({ method: 'PATCH', ...call, repeatable: true, signal });
  }

  /** Refused while a template names it. */
  delete(id: string, signal?: AbortSignal): Promise<Answer<{ readonly success: boolean }>> {
    return this.#transport.send({ method: 'DELETE', path: this.#pathOf(id), repeatable: true, signal });
  }

  #pathOf(id: string): string {
    return `${this.#base}/${segment(id)}`;
  }
}
