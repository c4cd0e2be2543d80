import type { AppPolicyAnswer, UpdateAppPolicyBody } from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** What the app allows its users: most tags, refused external ids, identity verification. */
export class AppPolicy {
  readonly #transport: Transport;
  readonly #path: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#path = `/apps/${segment(appId)}/policy`;
  }

  view(signal?: AbortSignal): Promise<Answer<AppPolicyAnswer>> {
    return this.#transport.send({ method: 'GET', path: this.#path, repeatable: true, signal });
  }

  /** Only what is named changes; null brings the default back. Takes a key of the organization. */
  update(policy: UpdateAppPolicyBody, signal?: AbortSignal): Promise<Answer<AppPolicyAnswer>> {
    return this.#transport.send({
      method: 'PATCH',
      path: this.#path,
      body: policy,
      repeatable: true,
      signal,
    });
  }
}
