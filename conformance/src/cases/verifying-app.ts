import { sign } from 'node:crypto';
import { androidVoice } from '../devices/android-voice.ts';
import type { Method } from '../operations/operation.ts';
import type { Caller } from '../wire/caller.ts';
import { uuid } from '../wire/checks.ts';
import type { Answer } from '../wire/exchange.ts';
import { expectAnswer, textAt } from '../wire/expect-answer.ts';

export interface SignedAddress {
  readonly type: 'Email' | 'SMS';
  readonly token: string;
}

/** An app that verifies identities, and its backend, which has the private key. */
export class VerifyingApp {
  readonly path: string;
  readonly key: string;
  readonly #caller: Caller;
  readonly #id: string;
  readonly #privateKey: string;

  private constructor(caller: Caller, id: string, key: string, privateKey: string) {
    this.path = `/apps/${id}`;
    this.key = key;
    this.#caller = caller;
    this.#id = id;
    this.#privateKey = privateKey;
  }

  static async create(caller: Caller): Promise<VerifyingApp> {
    const app = await caller.callAsOrganization('POST', '/apps', {
      name: caller.newName('verifying'),
      organization_id: caller.organization.id,
    });
    expectAnswer(app, 200, { id: uuid });
    const id = textAt(app, 'id');
    const key = await caller.callAsOrganization('POST', `/apps/${id}/auth/tokens`, { name: 'server' });
    expectAnswer(key, 200);
    const pair = await caller.callAsOrganization('POST', `/apps/${id}/identity_keys`, { name: 'backend' });
    expectAnswer(pair, 201, { id: uuid, private_key: /^-----BEGIN PRIVATE KEY-----/ });
    const policy = { identity_verification: 'required' };
    expectAnswer(await caller.callAsOrganization('PATCH', `/apps/${id}/policy`, policy), 200, policy);
    return new VerifyingApp(caller, id, textAt(key, 'formatted_token'), textAt(pair, 'private_key'));
  }

  /** What the backend hands to the device of a user; good for so many seconds. */
  token(externalId: string, subscriptions?: readonly SignedAddress[], seconds = 600): string {
    const payload = {
      iss: this.#id,
      exp: Math.floor(Date.now() / 1_000) + seconds,
      identity: { external_id: externalId },
      subscriptions,
    };
    const [head, body] = [{ alg: 'ES256', typ: 'JWT' }, payload].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const text = `${head}.${body}`;
    const key = { key: this.#privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  }

  /** As a mobile SDK; `token` null: before its app has handed it one. */
  callAsDevice(method: Method, path: string, token: string | null, body?: object): Promise<Answer> {
    return this.#caller.sendLetter(method, this.path + path, {
      headers: {
        ...androidVoice.headers(body !== undefined),
        ...(token !== null && { Authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}
