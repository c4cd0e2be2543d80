import type { Client } from '@carillon/client';
import { ask } from './ask.ts';

const PAGE = 50;
const CHANNELS = { send_push: 'push', send_email: 'email', send_sms: 'sms' } as const;

/** Names of one kind of thing, and their ids. A name that several things have stands for none. */
class NameBook {
  readonly #ids = new Map<string, string[]>();
  readonly #names = new Map<string, string>();

  add(name: string, id: string): void {
    this.#ids.set(name, [...(this.#ids.get(name) ?? []), id]);
    this.#names.set(id, name);
  }

  idsOf(name: string): readonly string[] {
    return this.#ids.get(name) ?? [];
  }

  /** The name, if it stands for this thing alone. */
  nameOf(id: string): string | undefined {
    const name = this.#names.get(id);
    return name !== undefined && this.idsOf(name).length === 1 ? name : undefined;
  }
}

/** What an app calls its templates, segments and webhooks. */
export interface Names {
  /** By the kind of the node that sends them. */
  readonly templates: Readonly<Record<keyof typeof CHANNELS, NameBook>>;
  readonly segments: NameBook;
  readonly webhooks: NameBook;
}

export function isSending(kind: unknown): kind is keyof Names['templates'] {
  return typeof kind === 'string' && Object.hasOwn(CHANNELS, kind);
}

export async function readNames(client: Client): Promise<Names> {
  const [push, email, sms, segments, webhooks] = await Promise.all([
    readTemplates(client, 'push'),
    readTemplates(client, 'email'),
    readTemplates(client, 'sms'),
    readSegments(client),
    readWebhooks(client),
  ]);
  return { templates: { send_push: push, send_email: email, send_sms: sms }, segments, webhooks };
}

async function readTemplates(client: Client, channel: 'push' | 'email' | 'sms'): Promise<NameBook> {
  const book = new NameBook();
  for (let offset = 0; ; offset += PAGE) {
    const { templates } = await ask(client.templates.list({ channel, limit: PAGE, offset }));
    for (const { name, id } of templates) book.add(name, id);
    if (templates.length < PAGE) return book;
  }
}

async function readSegments(client: Client): Promise<NameBook> {
  const book = new NameBook();
  for (let offset = 0; ; offset += PAGE) {
    const { segments } = await ask(client.segments.list({ limit: PAGE, offset }));
    for (const { name, id } of segments) book.add(name, id);
    if (segments.length < PAGE) return book;
  }
}

async function readWebhooks(client: Client): Promise<NameBook> {
  const book = new NameBook();
  let cursor: string | undefined;
  do {
    const page = await ask(client.webhooks.list({ limit: PAGE, ...(cursor !== undefined && { cursor }) }));
    for (const { name, id } of page.webhooks) book.add(name, id);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return book;
}
