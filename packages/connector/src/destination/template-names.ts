import type { Answer, Client } from '@carillon/client';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PAGE = 50;

/** Templates by the names that configurations use. What was found is remembered. */
export class TemplateNames {
  readonly #client: Client;
  readonly #known = new Map<string, string>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** The id of a template without asking; null where that needs a look. */
  known(template: string): string | null {
    return UUID.test(template) ? template : (this.#known.get(template) ?? null);
  }

  /** The id of a template by its name or id; null where there is none. */
  async find(template: string, signal?: AbortSignal): Promise<Answer<string | null>> {
    const id = this.known(template);
    if (id !== null) return { ok: true, value: id, status: 200, replayed: false };
    for (let offset = 0; ; offset += PAGE) {
      const page = await this.#client.templates.list({ limit: PAGE, offset }, signal);
      if (!page.ok) return page;
      for (const { id, name } of page.value.templates) {
        if (!this.#known.has(name)) this.#known.set(name, id);
      }
      const found = this.#known.get(template);
      if (found !== undefined || page.value.templates.length < PAGE) {
        return { ...page, value: found ?? null };
      }
    }
  }
}
