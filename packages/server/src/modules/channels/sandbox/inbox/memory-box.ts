import type { Arrival, KeptMessage, MessageBox, MessageFilter, Uninstalled } from './message-box.ts';

type Kept = KeptMessage & { readonly raw: Buffer; readonly reported: boolean };

/** What arrived in a sandbox that stands alone: kept in memory, and gone when it ends. */
export class MemoryBox implements MessageBox {
  #lastId = 0;
  /** By id, oldest first. */
  readonly #messages = new Map<number, Kept>();

  async insert(batch: readonly Arrival[], keeps: number): Promise<void> {
    for (const arrival of batch) this.#keep(arrival);
    for (const id of this.#messages.keys()) {
      if (id > this.#lastId - keeps) break;
      this.#messages.delete(id);
    }
  }

  async list({ limit, ...filter }: MessageFilter): Promise<KeptMessage[]> {
    const found = [...this.#messages.values()].filter((message) => isAsked(message, filter));
    return found.toReversed().slice(0, limit);
  }

  async find(id: number): Promise<KeptMessage | null> {
    return this.#messages.get(id) ?? null;
  }

  async raws(ids: readonly number[]): Promise<ReadonlyMap<number, Buffer>> {
    const found = ids.flatMap((id) => this.#messages.get(id) ?? []);
    return new Map(found.map(({ id, raw }) => [id, raw]));
  }

  async unreported(since: number, limit: number): Promise<KeptMessage[]> {
    const found = [...this.#messages.values()].filter(
      ({ channel, message_id, received_at, reported }) =>
        channel === 'email' && message_id !== null && !reported && received_at.getTime() > since,
    );
    return found.slice(0, limit);
  }

  async markReported(ids: readonly number[]): Promise<void> {
    for (const id of ids) this.#change(id, { reported: true });
  }

  async markUninstalled(id: number, now: number): Promise<void> {
    const since = this.#messages.get(id)?.uninstalled_at ?? new Date(now);
    this.#change(id, { uninstalled_at: since });
  }

  async uninstalled(): Promise<Uninstalled[]> {
    return [...this.#messages.values()].filter(({ uninstalled_at }) => uninstalled_at !== null);
  }

  async arrivals(messageId: string | null): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const { message_id, provider_id } of this.#messages.values()) {
      if (messageId !== null && message_id !== messageId) continue;
      counts.set(provider_id, (counts.get(provider_id) ?? 0) + 1);
    }
    return counts;
  }

  async clear(): Promise<void> {
    this.#messages.clear();
  }

  #keep({ providerId, messageId, reference, at, ...arrival }: Arrival): void {
    this.#lastId += 1;
    this.#messages.set(this.#lastId, {
      ...arrival,
      id: this.#lastId,
      provider_id: providerId,
      message_id: messageId,
      lane: reference?.lane ?? null,
      subscription_id: reference?.subscriptionId ?? null,
      received_at: new Date(at),
      uninstalled_at: null,
      reported: false,
    });
  }

  #change(id: number, changes: Partial<Kept>): void {
    const known = this.#messages.get(id);
    if (known !== undefined) this.#messages.set(id, { ...known, ...changes });
  }
}

function isAsked(
  { id, channel, recipient, message_id }: KeptMessage,
  asked: Omit<MessageFilter, 'limit'>,
): boolean {
  if (asked.channel !== null && channel !== asked.channel) return false;
  if (asked.before !== null && id >= asked.before) return false;
  if (asked.after !== null && id <= asked.after) return false;
  if (asked.messageId !== null && message_id !== asked.messageId) return false;
  return asked.recipient === null || recipient.toLowerCase().includes(asked.recipient.toLowerCase());
}
