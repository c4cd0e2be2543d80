import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Method } from '../operations/operation.ts';
import type { Stage } from '../stage.ts';
import { exchange } from './exchange.ts';
import type { Answer } from './exchange.ts';
import { expectReadable } from './expect-answer.ts';
import type { Voice } from './voice.ts';

/** Headers and body of one request to the letter. */
export interface Letter {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Speaks to the server in one voice. Each answer is checked for what all clients need; paths start at
 * the API's root, without the voice's prefix.
 */
export class Caller {
  readonly stage: Stage;
  readonly app: string;
  readonly #voice: Voice;

  constructor(stage: Stage, voice: Voice) {
    this.stage = stage;
    this.app = stage.app;
    this.#voice = voice;
  }

  /** With the app's key. */
  call(method: Method, path: string, body?: object): Promise<Answer> {
    return this.callWith(this.stage.appKey, method, path, body);
  }

  /** With the organization's key. */
  callAsOrganization(method: Method, path: string, body?: object): Promise<Answer> {
    return this.callWith(this.organization.key, method, path, body);
  }

  /** With a key of one's own. */
  callWith(key: string, method: Method, path: string, body?: object): Promise<Answer> {
    const authorization = { Authorization: this.#voice.authorization(key) };
    return this.#send(method, path, authorization, body);
  }

  /** As a server-side client that was given no key. */
  callWithoutKey(method: Method, path: string, body?: object): Promise<Answer> {
    return this.#send(method, path, {}, body);
  }

  /** Exactly these headers and this body; at the root. */
  async sendLetter(method: Method, path: string, { headers = {}, body }: Letter): Promise<Answer> {
    return expectReadable(await exchange({ method, url: this.stage.url + path, headers, body }));
  }

  /** The question that a browser asks before a page's call, at the root. The answer is for the browser alone. */
  askBefore(path: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
    return exchange({ method: 'OPTIONS', url: this.stage.url + path, headers });
  }

  /** Throws when the run has no organization: such a case says so in `needsOrganization`. */
  get organization(): NonNullable<Stage['organization']> {
    if (this.stage.organization === null) throw new Error('this run has no organization key');
    return this.stage.organization;
  }

  /** A name that nobody has used. */
  newName(word: string): string {
    return `conformance-${word}-${randomBytes(6).toString('hex')}`;
  }

  newEmail(word = 'person'): string {
    return `${this.newName(word)}@example.com`;
  }

  /** A German mobile number that nobody has used. */
  newPhone(): string {
    return `+49151${randomInt(1e8).toString().padStart(8, '0')}`;
  }

  newId(): string {
    return randomUUID();
  }

  async #send(
    method: Method,
    path: string,
    authorization: Readonly<Record<string, string>>,
    body?: object,
  ): Promise<Answer> {
    return this.sendLetter(method, this.#voice.prefix + path, {
      headers: { ...this.#voice.headers(body !== undefined), ...authorization },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}
