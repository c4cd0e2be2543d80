import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { HttpReceiver } from '@carillon/test-kit';

interface Person {
  name: string;
  enabled: boolean;
}

interface Body {
  readonly identity?: { readonly external_id: string };
  readonly properties?: { readonly tags?: { readonly name?: string } };
  readonly subscriptions?: readonly { readonly enabled: boolean }[];
  readonly subscription?: { readonly enabled: boolean };
}

/**
 * A target that weighs nothing: whoever asks last wins, as at a platform that keeps no dates of consent.
 * Its feed tells of what people did, some of it late.
 */
export class Target extends HttpReceiver {
  readonly people = new Map<string, Person>();
  readonly #feed: object[] = [];

  tell(event: object): void {
    this.#feed.push(event);
  }

  protected async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://target');
    const sent = await text(request).catch(() => '');
    const answer = (status: number, json: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    // One by one: whoever has bulk weighs consent as well.
    if (pathname.endsWith('/users/bulk') || request.headers['content-type']?.includes('ndjson') === true) {
      return void answer(404, { errors: [{ title: 'No such route' }] });
    }
    const body = sent === '' ? {} : (JSON.parse(sent) as Body);
    const id = /\/users\/by\/external_id\/([^/]+)$/.exec(pathname)?.[1] ?? body.identity?.external_id;
    const subscription = /\/subscriptions\/([^/]+)$/.exec(pathname)?.[1];
    if (pathname.endsWith('/feed')) {
      const from = Number(searchParams.get('cursor') ?? 0);
      const events = this.#feed.slice(from, from + 20);
      const page = { events, cursor: String(from + events.length), has_more: false };
      setTimeout(() => answer(200, page), events.length === 0 ? 20 : 0);
    } else if (subscription !== undefined) {
      const person = this.people.get(subscription);
      if (person !== undefined) person.enabled = body.subscription?.enabled ?? person.enabled;
      answer(person === undefined ? 404 : 200, {});
    } else if (id !== undefined) {
      const person = this.people.get(id);
      if (request.method === 'GET') return void answer(person === undefined ? 404 : 200, this.#view(id));
      const next = person ?? { name: '', enabled: true };
      next.name = body.properties?.tags?.name ?? next.name;
      next.enabled = body.subscriptions?.[0]?.enabled ?? next.enabled;
      this.people.set(id, next);
      answer(person === undefined ? 201 : 202, this.#view(id));
    } else answer(404, { errors: [{ title: 'No such route' }] });
  }

  #view(id: string) {
    const enabled = this.people.get(id)?.enabled ?? false;
    const token = `c${id}@example.com`;
    return {
      identity: { external_id: id },
      properties: {},
      subscriptions: [{ id, type: 'Email', token, enabled }],
    };
  }
}
