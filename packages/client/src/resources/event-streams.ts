import type {
  EventStreamAttemptPage,
  EventStreamAttemptQuery,
  EventStreamBody,
  EventStreamList,
  EventStreamView,
  ReplayEventStreamBody,
  ResumeEventStreamBody,
  RotateStreamSecretAnswer,
  RotateStreamSecretBody,
  TestEventStreamAnswer,
  TestEventStreamBody,
} from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Where an app's events are sent: webhooks, tables, files. */
export class EventStreams {
  readonly #transport: Transport;
  readonly #base: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#base = `/apps/${segment(appId)}/event_streams`;
  }

  list(signal?: AbortSignal): Promise<Answer<EventStreamList>> {
    return this.#transport.send({ method: 'GET', path: this.#base, repeatable: true, signal });
  }

  /** With how far it is behind, and why it rests or is disabled. */
  view(name: string, signal?: AbortSignal): Promise<Answer<EventStreamView>> {
    return this.#transport.send({ method: 'GET', path: this.#pathOf(name), repeatable: true, signal });
  }

  /**
   * Replaces what was set under this name before. The secret of a webhook that gives none is made and told in this
   * answer alone, so a lost answer is not repeated for a webhook without one.
   */
  set(name: string, stream: EventStreamBody, signal?: AbortSignal): Promise<Answer<EventStreamView>> {
    const repeatable = stream.kind !== 'webhook' || stream.secret !== undefined;
    const path = this.#pathOf(name);
    return this.#transport.send({ method: 'PUT', path, body: stream, repeatable, signal });
  }

  /** What it has not sent is not sent. */
  delete(name: string, signal?: AbortSignal): Promise<Answer<{ readonly success: boolean }>> {
    return this.#transport.send({ method: 'DELETE', path: this.#pathOf(name), repeatable: true, signal });
  }

  pause(name: string, signal?: AbortSignal): Promise<Answer<EventStreamView>> {
    return this.#post(name, 'pause', {}, true, signal);
  }

  /** Goes on where it stopped. */
  resume(
    name: string,
    options: ResumeEventStreamBody = {},
    signal?: AbortSignal,
  ): Promise<Answer<EventStreamView>> {
    return this.#post(name, 'resume', options, true, signal);
  }

  /** Sends again: from a time, from a cursor, or one message's events. Not repeated after a lost answer. */
  replay(name: string, place: ReplayEventStreamBody, signal?: AbortSignal): Promise<Answer<EventStreamView>> {
    return this.#post(name, 'replay', place, false, signal);
  }

  /** Not repeated after a lost answer, which would tell the secret. */
  rotateSecret(
    name: string,
    options: RotateStreamSecretBody = {},
    signal?: AbortSignal,
  ): Promise<Answer<RotateStreamSecretAnswer>> {
    return this.#post(name, 'rotate_secret', options, false, signal);
  }

  /** Sends an event that is made up, once. Not repeated after a lost answer. */
  test(
    name: string,
    options: TestEventStreamBody = {},
    signal?: AbortSignal,
  ): Promise<Answer<TestEventStreamAnswer>> {
    return this.#post(name, 'test', options, false, signal);
  }

  /** Its requests with what was answered, the newest first. */
  attempts(
    name: string,
    query: EventStreamAttemptQuery = {},
    signal?: AbortSignal,
  ): Promise<Answer<EventStreamAttemptPage>> {
    const path = `${this.#pathOf(name)}/attempts`;
    return this.#transport.send({ method: 'GET', path, query: { ...query }, repeatable: true, signal });
  }

  #post<Value>(
    name: string,
    what: string,
    body: object,
    repeatable: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Answer<Value>> {
    const path = `${this.#pathOf(name)}/${what}`;
    return this.#transport.send({ method: 'POST', path, body, repeatable, signal });
  }

  #pathOf(name: string): string {
    return `${this.#base}/${segment(name)}`;
  }
}
