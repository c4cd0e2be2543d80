import type {
  ProviderBody,
  ProviderChannel,
  ProviderList,
  ProviderView,
  TestSendAnswer,
  TestSendBody,
} from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** The name of the provider that is set without one. */
const MAIN = 'main';

/** Routes of providers: through whom an app sends, by each way. */
export class Providers {
  readonly #transport: Transport;
  readonly #appId: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#appId = appId;
  }

  /** In the order in which they are asked. */
  list(channel: ProviderChannel, signal?: AbortSignal): Promise<Answer<ProviderList>> {
    const path = `${this.#pathOf(channel)}/providers`;
    return this.#transport.send({ method: 'GET', path, repeatable: true, signal });
  }

  view(channel: ProviderChannel, name = MAIN, signal?: AbortSignal): Promise<Answer<ProviderView>> {
    return this.#transport.send({
      method: 'GET',
      path: this.#named(channel, name),
      repeatable: true,
      signal,
    });
  }

  /** Replaces what was set under this name before, secrets included. */
  set(
    channel: ProviderChannel,
    settings: ProviderBody,
    name = MAIN,
    signal?: AbortSignal,
  ): Promise<Answer<ProviderView>> {
    const path = this.#named(channel, name);
    return this.#transport.send({ method: 'PUT', path, body: settings, repeatable: true, signal });
  }

  /** An app that has no other sends through the sandbox again, where there is one. */
  delete(
    channel: ProviderChannel,
    name = MAIN,
    signal?: AbortSignal,
  ): Promise<Answer<{ readonly success: boolean }>> {
    const path = this.#named(channel, name);
    return this.#transport.send({ method: 'DELETE', path, repeatable: true, signal });
  }

  /** Sends one message at once, and tells what the provider answers. Not repeated after a lost answer. */
  test(
    channel: ProviderChannel,
    target: TestSendBody,
    signal?: AbortSignal,
  ): Promise<Answer<TestSendAnswer>> {
    const path = `${this.#pathOf(channel)}/test`;
    return this.#transport.send({ method: 'POST', path, body: target, repeatable: false, signal });
  }

  #pathOf(channel: ProviderChannel): string {
    return `/apps/${segment(this.#appId)}/channels/${segment(channel)}`;
  }

  #named(channel: ProviderChannel, name: string): string {
    return `${this.#pathOf(channel)}/providers/${segment(name)}`;
  }
}
