/** The app that requests are about. */
export interface Target {
  readonly appId: string;
  readonly appKey: string;
}

const CITIES = ['Utrecht', 'Porto', 'Oslo', 'Graz'];

/** Requests about users, whole, as they go over the wire. People are numbered from 1. */
export class Requests {
  readonly #head: string;
  readonly #path: string;
  /** People that have been created so far. */
  #people = 0;
  #changes = 0;

  constructor({ appId, appKey }: Target) {
    this.#path = `/apps/${appId}/users`;
    this.#head = `HTTP/1.1\r\nHost: bench\r\nAuthorization: Key ${appKey}\r\n`;
  }

  /**
   * POST /users with an external_id, five tags and an email address. One in ten is somebody known; one
   * in fifty takes the address of somebody else.
   */
  create(): string {
    const chance = Math.random();
    const known = chance < 0.1 && this.#people > 0;
    const person = known ? this.#anybody() : (this.#people += 1);
    const address = chance > 0.98 ? this.#anybody() : person;
    return this.#post(`user-${person}`, `user-${address}@example.com`);
  }

  /** POST /users where everybody wants the same few names and addresses. */
  createHot(names: number): string {
    const one = Math.floor(Math.random() * names);
    const other = Math.floor(Math.random() * names);
    return this.#post(`hot-${one}`, `hot-${other}@example.com`);
  }

  /** PATCH of two tags. */
  update(): string {
    this.#changes += 1;
    const tags = { orders: String(this.#changes), last: `tea ${this.#changes % 50}` };
    return this.#withBody('PATCH', this.#pathOf(this.#anybody()), { properties: { tags } });
  }

  view(): string {
    return `GET ${this.#pathOf(this.#anybody())} ${this.#head}\r\n`;
  }

  #post(externalId: string, token: string): string {
    this.#changes += 1;
    const tags = {
      first_name: `Person ${this.#changes}`,
      plan: this.#changes % 7 === 0 ? 'gold' : 'free',
      city: CITIES[this.#changes % CITIES.length],
      orders: String(this.#changes % 100),
      last: `tea ${this.#changes % 50}`,
    };
    return this.#withBody('POST', this.#path, {
      identity: { external_id: externalId },
      properties: { tags },
      subscriptions: [{ type: 'Email', token }],
    });
  }

  #withBody(method: string, path: string, body: object): string {
    const text = JSON.stringify(body);
    return `${method} ${path} ${this.#head}Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  }

  #pathOf(person: number): string {
    return `${this.#path}/by/external_id/user-${person}`;
  }

  #anybody(): number {
    return 1 + Math.floor(Math.random() * this.#people);
  }
}
