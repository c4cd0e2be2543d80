/** A mail in the sandbox's inbox. */
export interface Mail {
  readonly id: number;
  readonly to: string;
  readonly subject: string;
  readonly message_id: string | null;
}

/** The sandbox's inbox, read as its page does. */
export class SandboxInbox {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** The newest mail to this address whose subject begins so, or null. */
  async find(recipient: string, subject: string): Promise<Mail | null> {
    const query = new URLSearchParams({ recipient, limit: '20' });
    const { messages } = (await this.#get(`/sandbox/messages?${query.toString()}`)) as { messages: Mail[] };
    return messages.find((mail) => mail.subject.startsWith(subject)) ?? null;
  }

  async html({ id }: Mail): Promise<string> {
    const { html } = (await this.#get(`/sandbox/messages/${id}`)) as { html: string | null };
    return html ?? '';
  }

  /** Loads the pictures, as a mail program does when a person looks. */
  async open(mail: Mail): Promise<void> {
    const pictures = (await this.html(mail)).matchAll(/<img[^>]*\bsrc="([^"]+)"/gi);
    for (const [, source = ''] of pictures) await fetch(source.replaceAll('&amp;', '&'));
  }

  /** Follows the first link, and gives where it leads. */
  async click(mail: Mail): Promise<string> {
    const link = /<a[^>]*\bhref="([^"]+)"/i.exec(await this.html(mail))?.[1];
    if (link === undefined) throw new Error('there is no link in the mail');
    const answer = await fetch(link.replaceAll('&amp;', '&'), { redirect: 'manual' });
    return answer.headers.get('location') ?? '';
  }

  /** Presses the button that a mail program shows for it (RFC 8058). */
  async unsubscribe({ id }: Mail): Promise<void> {
    const { headers } = (await this.#get(`/sandbox/messages/${id}`)) as {
      headers: readonly { name: string; value: string }[];
    };
    const header = headers.find(({ name }) => name.toLowerCase() === 'list-unsubscribe');
    const link = /<(https?:[^>]+)>/.exec(header?.value ?? '')?.[1];
    if (link === undefined) throw new Error('the mail has no link to unsubscribe');
    const answer = await fetch(link, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
    if (!answer.ok) throw new Error(`the link to unsubscribe answered ${answer.status}`);
  }

  async #get(path: string): Promise<unknown> {
    const answer = await fetch(this.#url + path);
    if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}`);
    return answer.json();
  }
}
