import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { secretBytes, signWebhook } from '../../channels/index.ts';

export interface SigningSecrets {
  readonly secret: string;
  /** The secret before, which signs too until it expires: milliseconds since the epoch. */
  readonly oldSecret: { readonly secret: string; readonly expiresAt: number } | null;
}

/** Signs requests after Standard Webhooks with the secrets of one webhook, which are made into keys once. */
export class WebhookSigner {
  readonly #key: KeyObject;
  readonly #old: { readonly key: KeyObject; readonly expiresAt: number } | null;

  constructor({ secret, oldSecret }: SigningSecrets) {
    this.#key = keyOf(secret);
    this.#old = oldSecret === null ? null : { key: keyOf(oldSecret.secret), expiresAt: oldSecret.expiresAt };
  }

  /** At `now` (milliseconds), with the old secret too as long as that has not expired. */
  sign(id: string, now: number, body: string): Readonly<Record<string, string>> {
    const signed = signWebhook(this.#key, id, now, body);
    if (this.#old === null || this.#old.expiresAt <= now) return { ...signed };
    const old = signWebhook(this.#old.key, id, now, body);
    return { ...signed, 'webhook-signature': `${signed['webhook-signature']} ${old['webhook-signature']}` };
  }
}

function keyOf(secret: string): KeyObject {
  return createSecretKey(secretBytes(secret));
}
