import type { CreateCustomEventsAnswer, CustomEventRefusal } from '@carillon/wire';
import { randomUUID } from 'node:crypto';
import type { Answer } from '../failure.ts';
import type { CustomEventInput } from '../shapes.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** The route of custom events. */
export class CustomEvents {
  readonly #transport: Transport;
  readonly #path: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#path = `/apps/${segment(appId)}/custom_events`;
  }

  /**
   * Sends a batch: at most 2,024 bytes an event and 1 MB a request. Answers with the events that
   * were refused, such as those of unknown users; all others were taken. Keys are given to events
   * that have none, so a repeated batch counts once.
   */
  async create(
    events: readonly CustomEventInput[],
    signal?: AbortSignal,
  ): Promise<Answer<readonly CustomEventRefusal[]>> {
    const answer = await this.#transport.send<CreateCustomEventsAnswer>({
      method: 'POST',
      path: this.#path,
      body: { events: events.map((event) => ({ idempotency_key: randomUUID(), ...event })) },
      repeatable: true,
      signal,
    });
    return answer.ok ? { ...answer, value: answer.value.errors ?? [] } : answer;
  }
}
