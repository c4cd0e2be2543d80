import type {
  CountMessageAnswer,
  Delivery,
  DeliveryPage,
  DeliveryQuery,
  ExportEventsAnswer,
  MessageHistoryAnswer,
  MessageList,
  MessagePauseAnswer,
  MessageView,
} from '@carillon/wire';
import { randomUUID } from 'node:crypto';
import { required } from '../failure.ts';
import type { Answer } from '../failure.ts';
import type { CountInput, CreatedMessage, MessageInput } from '../shapes.ts';
import { segment } from '../transport.ts';
import { outcomeParameters } from './outcomes.ts';
import type { OutcomeQuery } from './outcomes.ts';
import type { Transport } from '../transport.ts';

interface CreateAnswer {
  readonly id?: string;
  readonly errors?: unknown;
  readonly warnings?: unknown;
}

/** Routes of messages. */
export class Notifications {
  readonly #transport: Transport;
  readonly #appId: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#appId = appId;
  }

  /** Sends a message. Safe to repeat: with the same idempotency key nothing is sent a second time. */
  async create(input: MessageInput, signal?: AbortSignal): Promise<Answer<CreatedMessage>> {
    const body = { app_id: this.#appId, idempotency_key: randomUUID(), ...input };
    const answer = await this.#transport.send<CreateAnswer>({
      method: 'POST',
      path: '/notifications',
      body,
      repeatable: true,
      signal,
    });
    return answer.ok ? { ...answer, value: readCreated(answer.value) } : answer;
  }

  /** How many subscriptions a message to these would reach now. Looks at everybody: not for every message. */
  count(input: CountInput, signal?: AbortSignal): Promise<Answer<CountMessageAnswer>> {
    return this.#transport.send({
      method: 'POST',
      path: '/notifications/count-unsaved',
      body: { ...this.#app, ...input },
      repeatable: true,
      signal,
    });
  }

  view(
    id: string,
    { outcomes, signal }: { readonly outcomes?: OutcomeQuery; readonly signal?: AbortSignal } = {},
  ): Promise<Answer<MessageView>> {
    return this.#transport.send({
      method: 'GET',
      path: this.#one(id),
      query: { ...this.#app, ...(outcomes !== undefined && outcomeParameters(outcomes)) },
      repeatable: true,
      signal,
    });
  }

  /**
   * At most 50 at a time: newest first, or, with `time_offset`, in the order in which they are due behind that
   * time or behind the `next_time_offset` of the page before.
   */
  list(
    query: {
      readonly limit?: number;
      readonly offset?: number;
      readonly kind?: number;
      readonly template_id?: string;
      readonly time_offset?: string;
    } = {},
    signal?: AbortSignal,
  ): Promise<Answer<MessageList>> {
    const all = { ...this.#app, ...query };
    return this.#transport.send({
      method: 'GET',
      path: '/notifications',
      query: all,
      repeatable: true,
      signal,
    });
  }

  /** Stops what has not been handed over yet. */
  cancel(id: string, signal?: AbortSignal): Promise<Answer<{ success: boolean }>> {
    return this.#transport.send({
      method: 'DELETE',
      path: this.#one(id),
      query: this.#app,
      repeatable: true,
      signal,
    });
  }

  /** Stops a message between two pages, until it is resumed or cancelled. Carillon only. */
  pause(id: string, signal?: AbortSignal): Promise<Answer<MessagePauseAnswer>> {
    return this.#transport.send({
      method: 'POST',
      path: `${this.#ours(id)}/pause`,
      repeatable: true,
      signal,
    });
  }

  /** A paused message goes on where it stopped. Carillon only. */
  resume(id: string, signal?: AbortSignal): Promise<Answer<MessagePauseAnswer>> {
    return this.#transport.send({
      method: 'POST',
      path: `${this.#ours(id)}/resume`,
      repeatable: true,
      signal,
    });
  }

  /** Where the gzip CSV of what became of a message will be: 404 until it is ready, kept for 3 days. */
  exportEvents(id: string, signal?: AbortSignal): Promise<Answer<ExportEventsAnswer>> {
    const path = `${this.#one(id)}/export_events`;
    return this.#transport.send({ method: 'POST', path, query: this.#app, repeatable: true, signal });
  }

  /** Where the CSV of those who were sent to, or who clicked, will be: as with `exportEvents`. */
  history(
    id: string,
    events: 'sent' | 'clicked',
    signal?: AbortSignal,
  ): Promise<Answer<MessageHistoryAnswer>> {
    const body = { ...this.#app, events };
    return this.#transport.send({
      method: 'POST',
      path: `${this.#one(id)}/history`,
      body,
      repeatable: true,
      signal,
    });
  }

  /** One page of what became of a message for each of those it was for. Carillon only. */
  deliveryPage(id: string, query: DeliveryQuery = {}, signal?: AbortSignal): Promise<Answer<DeliveryPage>> {
    const path = `${this.#ours(id)}/deliveries`;
    return this.#transport.send({ method: 'GET', path, query, repeatable: true, signal });
  }

  /**
   * Every delivery of a message that a search finds, page after page; `limit` is the size of a page. Throws
   * `CallFailed`.
   *
   * @example
   * for await (const { external_id, reason } of client.notifications.deliveries(id, { state: ['failed'] })) {
   *   console.log(external_id, reason);
   * }
   */
  async *deliveries(
    id: string,
    query: DeliveryQuery = {},
    signal?: AbortSignal,
  ): AsyncGenerator<Delivery, void, undefined> {
    for (let cursor = query.cursor; ;) {
      const asked = cursor === undefined ? query : { ...query, cursor };
      const page = required(await this.deliveryPage(id, asked, signal));
      yield* page.deliveries;
      if (page.next_cursor === undefined) return;
      cursor = page.next_cursor;
    }
  }

  get #app() {
    return { app_id: this.#appId };
  }

  #ours(id: string): string {
    return `/apps/${segment(this.#appId)}/messages/${segment(id)}`;
  }

  #one(id: string): string {
    return `/notifications/${segment(id)}`;
  }
}

/** An empty id means that nothing was sent, although the status is 200. */
function readCreated({ id, errors, warnings }: CreateAnswer): CreatedMessage {
  if (id !== undefined && id !== '') return { kind: 'accepted', id, warnings: warnings ?? null };
  const reasons: readonly unknown[] = Array.isArray(errors) ? errors : [JSON.stringify(errors ?? null)];
  const told: readonly unknown[] = Array.isArray(warnings) ? warnings : [];
  return { kind: 'no-recipients', reasons: [...reasons, ...told].map(String) };
}
