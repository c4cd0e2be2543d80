import type { KeptMessage, MessageBox, MessageFilter } from './message-box.ts';
import { readPush, sourceOfPush } from './push-content.ts';
import { readMail } from './read-mail.ts';
import type { ReadableMessage } from './readable-message.ts';
import { readSms } from './sms-content.ts';

/** A kept message, and what it says. */
export interface InboxEntry {
  readonly message: KeptMessage;
  readonly content: ReadableMessage;
}

/** Parsing costs more than keeping: what was shown a moment ago is shown again by every refresh. */
const MOST_REMEMBERED = 500;

/** The messages of the sandbox, read. */
export class Inbox {
  readonly #box: MessageBox;
  readonly #read = new Map<number, ReadableMessage>();

  constructor(box: MessageBox) {
    this.#box = box;
  }

  /** Newest first. */
  async list(filter: MessageFilter): Promise<InboxEntry[]> {
    const messages = await this.#box.list(filter);
    await this.#readAll(messages.filter(({ id }) => !this.#read.has(id)));
    const entries = messages.flatMap((message) => {
      const content = this.#read.get(message.id);
      return content === undefined ? [] : [{ message, content }];
    });
    this.#forgetOldest();
    return entries;
  }

  /** With `source`, what was sent. */
  async open(id: number): Promise<(InboxEntry & { readonly source: string }) | null> {
    const [message, raws] = await Promise.all([this.#box.find(id), this.#box.raws([id])]);
    const raw = raws.get(id);
    if (message === null || raw === undefined) return null;
    const content = this.#read.get(id) ?? (await read(message, raw));
    return { message, content, source: sourceOf(message, content, raw) };
  }

  async #readAll(messages: readonly KeptMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const raws = await this.#box.raws(messages.map(({ id }) => id));
    for (const message of messages) {
      const raw = raws.get(message.id);
      if (raw !== undefined) this.#read.set(message.id, await read(message, raw));
    }
  }

  #forgetOldest(): void {
    for (const id of this.#read.keys()) {
      if (this.#read.size <= MOST_REMEMBERED) break;
      this.#read.delete(id);
    }
  }
}

async function read(message: KeptMessage, raw: Buffer): Promise<ReadableMessage> {
  const { channel } = message;
  switch (channel) {
    case 'email':
      return readMail(raw);
    case 'sms':
      return readSms(message, raw);
    case 'ios_push':
    case 'android_push':
    case 'huawei_push':
    case 'amazon_push':
    case 'web_push':
      return readPush({ ...message, channel }, raw);
  }
}

/** What was sent. Mails have megabytes: it is not remembered. */
function sourceOf({ channel }: KeptMessage, { text }: ReadableMessage, raw: Buffer): string {
  switch (channel) {
    case 'email':
      return raw.toString('utf8');
    case 'sms':
      return text ?? '';
    case 'ios_push':
    case 'android_push':
    case 'huawei_push':
    case 'amazon_push':
    case 'web_push':
      return sourceOfPush(raw);
  }
}
