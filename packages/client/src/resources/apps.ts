import type { App, CreateAppBody, DeletedApp, UpdateAppBody } from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Routes of apps. All but `view` take a key of the organization. */
export class Apps {
  readonly #transport: Transport;
  readonly #appId: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#appId = appId;
  }

  /** The client's own app, or another one. Without counts of its subscriptions where `view` is `config`. */
  view(
    { appId, ...query }: { readonly appId?: string; readonly view?: 'config' } = {},
    signal?: AbortSignal,
  ): Promise<Answer<App>> {
    return this.#transport.send({ method: 'GET', path: this.#one(appId), query, repeatable: true, signal });
  }

  /** All apps of the organization, at most 1,000. */
  list(signal?: AbortSignal): Promise<Answer<readonly App[]>> {
    return this.#transport.send({ method: 'GET', path: '/apps', repeatable: true, signal });
  }

  /** Not repeated after a lost answer: a second arrival would make a second app. */
  create(input: CreateAppBody, signal?: AbortSignal): Promise<Answer<App>> {
    return this.#transport.send({ method: 'POST', path: '/apps', body: input, repeatable: false, signal });
  }

  /** Only what is named changes; null clears it. */
  update(input: UpdateAppBody, { appId }: OfApp = {}, signal?: AbortSignal): Promise<Answer<App>> {
    const call = { path: this.#one(appId), body: input };
    return this.#transport.send({ method: 'PATCH', ...call, repeatable: true, signal });
  }

  /**
   * Deletes the app and everything that belongs to it. `confirm` is its name. How far it is erased tells
   * `client.organizations.deletedApp`.
   */
  delete(confirm: string, { appId }: OfApp = {}, signal?: AbortSignal): Promise<Answer<DeletedApp>> {
    const call = { path: this.#one(appId), query: { confirm } };
    return this.#transport.send({ method: 'DELETE', ...call, repeatable: true, signal });
  }

  #one(appId: string = this.#appId): string {
    return `/apps/${segment(appId)}`;
  }
}

interface OfApp {
  /** The client's own when absent. */
  readonly appId?: string;
}
