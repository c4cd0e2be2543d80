import type { DeliveryReference } from '../../delivery-reference.ts';
import { parseMail } from '../mail/parse-mail.ts';
import type { ReadableMail } from '../mail/parse-mail.ts';
import type { KeptMessage, MessageFilter, SandboxStore } from './sandbox-store.ts';

/** Parsing costs more than keeping: what was shown a moment ago is shown again by every refresh. */
const MOST_REMEMBERED = 500;

/** The messages of the sandbox, parsed. */
export class Inbox {
  readonly #store: SandboxStore;
  readonly #parsed = new Map<number, ReadableMail>();

  constructor(store: SandboxStore) {
    this.#store = store;
  }

  /** Newest first. */
  async list(filter: MessageFilter): Promise<{ message: KeptMessage; mail: ReadableMail }[]> {
    const messages = await this.#store.list(filter);
    await this.#parse(messages.map(({ id }) => id).filter((id) => !this.#parsed.has(id)));
    return messages.flatMap((message) => {
      const mail = this.#parsed.get(message.id);
      return mail === undefined ? [] : [{ message, mail }];
    });
  }

  async open(id: number): Promise<{ message: KeptMessage; mail: ReadableMail; raw: Buffer } | null> {
    const [message, raws] = await Promise.all([this.#store.find(id), this.#store.raws([id])]);
    const raw = raws.get(id);
    if (message === null || raw === undefined) return null;
    return { message, raw, mail: this.#parsed.get(id) ?? (await parseMail(raw)) };
  }

  async #parse(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    for (const [id, raw] of await this.#store.raws(ids)) this.#parsed.set(id, await parseMail(raw));
    for (const id of this.#parsed.keys()) {
      if (this.#parsed.size <= MOST_REMEMBERED) break;
      this.#parsed.delete(id);
    }
  }
}

/** The delivery that a kept message is, or null when it is not one of ours. */
export function referenceOf({ message_id, lane, subscription_id }: KeptMessage): DeliveryReference | null {
  if (message_id === null || lane === null || subscription_id === null) return null;
  return { messageId: message_id, lane, subscriptionId: subscription_id };
}
