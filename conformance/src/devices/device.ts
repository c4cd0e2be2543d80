import type { Method } from '../operations/operation.ts';
import type { Stage } from '../stage.ts';
import { exchange } from '../wire/exchange.ts';
import type { Answer } from '../wire/exchange.ts';
import { expectReadable } from '../wire/expect-answer.ts';
import type { DeviceVoice } from './device-voice.ts';

/**
 * A browser or a phone with an SDK: it knows the app's id and no key. Each answer is checked for what
 * all clients need. Paths start at the app (`users`), with a slash at the API's root (`/players`).
 */
export class Device {
  readonly voice: DeviceVoice;
  /** Known once the device has a user. */
  subscriptionId: string | null = null;
  readonly #stage: Stage;

  constructor(stage: Stage, voice: DeviceVoice) {
    this.#stage = stage;
    this.voice = voice;
  }

  call(method: Method, path: string, body?: object): Promise<Answer> {
    return this.#send(method, path, this.voice.namesItself === 'always', body);
  }

  /** A session begins or ends: said with the subscription that it is of. */
  tellSession(userId: string, deltas: object): Promise<Answer> {
    const body = { refresh_device_metadata: true, deltas };
    return this.#send('PATCH', `users/by/onesignal_id/${userId}`, true, body);
  }

  async #send(method: Method, path: string, namesItself: boolean, body?: object): Promise<Answer> {
    const { prefix } = this.voice;
    const answer = await exchange({
      method,
      url: `${this.#stage.url}${prefix}${path.startsWith('/') ? path : `/apps/${this.#stage.app}/${path}`}`,
      headers: {
        ...this.voice.headers(body !== undefined),
        ...(namesItself &&
          this.subscriptionId !== null && { 'OneSignal-Subscription-Id': this.subscriptionId }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return expectReadable(answer);
  }
}
