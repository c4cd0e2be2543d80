import { createPrivateKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../../../platform/clock.ts';
import type { ApnsKeySettings } from './apns-account.ts';

/** Apple takes a token for an hour. */
const RENEWED_AFTER_MS = 50 * 60_000;

/** Apple refuses a connection whose tokens change more often. */
const LEAST_AGE_MS = 20 * 60_000;

/** The provider token of one account, as a header has it: signed once, and shown with each of its messages. */
export class ApnsTokens {
  readonly #clock: Clock;
  readonly #settings: ApnsKeySettings;
  readonly #key: KeyObject;
  #token = '';
  #madeAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, settings: ApnsKeySettings) {
    this.#clock = clock;
    this.#settings = settings;
    this.#key = createPrivateKey(settings.key);
  }

  current(): string {
    if (this.#clock.now() - this.#madeAt >= RENEWED_AFTER_MS) this.#make();
    return this.#token;
  }

  /**
   * Another token than `refused`, which Apple takes for expired; null when there must not be one yet: a young
   * token is refused only where this machine's clock is wrong, and the next one would be, too.
   */
  another(refused: string): string | null {
    if (this.#token === refused) {
      if (this.#clock.now() - this.#madeAt < LEAST_AGE_MS) return null;
      this.#make();
    }
    return this.#token;
  }

  #make(): void {
    const { keyId, teamId } = this.#settings;
    this.#madeAt = this.#clock.now();
    const claims = { iss: teamId, iat: Math.floor(this.#madeAt / 1_000) };
    const signed = `${part({ alg: 'ES256', kid: keyId })}.${part(claims)}`;
    const signature = sign('sha256', Buffer.from(signed), { key: this.#key, dsaEncoding: 'ieee-p1363' });
    this.#token = `bearer ${signed}.${signature.toString('base64url')}`;
  }
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
