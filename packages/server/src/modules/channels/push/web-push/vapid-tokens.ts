import { sign } from 'node:crypto';
import type { Clock } from '../../../../platform/clock.ts';
import { signingKey } from './vapid-keys.ts';
import type { WebPushSettings } from './web-push-settings.ts';

/** RFC 8292 allows a day at most. */
const LIFE_MS = 12 * 3_600_000;
/** For so long before its end, no request sets out with it any more; clocks may differ by as much. */
const REST_MS = 3_600_000;
/** Far more push services than there are. Anybody can bring an endpoint along, so there must be an end. */
const MOST = 1_000;

const HEADER = part({ typ: 'JWT', alg: 'ES256' });

interface Signed {
  readonly authorization: string;
  readonly until: number;
  /** The push service has taken a message with it. */
  isTaken: boolean;
}

/**
 * The `Authorization` of push requests. One token for each key pair and push service, for half a day: to sign
 * each request anew would cost as much as all the rest of it.
 */
export class VapidTokens {
  readonly #clock: Clock;
  readonly #signed = new Map<string, Signed>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param origin of the push service, such as `https://push.example` */
  authorization(settings: WebPushSettings, origin: string): string {
    const name = nameOf(settings, origin);
    const now = this.#clock.now();
    const known = this.#signed.get(name);
    if (known !== undefined && now < known.until) return known.authorization;
    const authorization = `vapid t=${this.#sign(settings, origin, now)}, k=${settings.publicKey}`;
    this.#signed.delete(name);
    this.#signed.set(name, { authorization, until: now + LIFE_MS - REST_MS, isTaken: false });
    this.#dropOldest();
    return authorization;
  }

  /** The push service has taken a message with this token. */
  noteTaken(settings: WebPushSettings, origin: string): void {
    const signed = this.#signed.get(nameOf(settings, origin));
    if (signed !== undefined) signed.isTaken = true;
  }

  /**
   * The push service has refused it. True when it has taken the same one for another subscription: it is this
   * subscription that is for another key. If not, the next request has a new token.
   */
  noteRefused(settings: WebPushSettings, origin: string): boolean {
    const name = nameOf(settings, origin);
    if (this.#signed.get(name)?.isTaken === true) return true;
    this.#signed.delete(name);
    return false;
  }

  #sign(settings: WebPushSettings, origin: string, now: number): string {
    const exp = Math.floor((now + LIFE_MS) / 1_000);
    const text = `${HEADER}.${part({ aud: origin, exp, sub: settings.subject })}`;
    const key = { key: signingKey(settings), dsaEncoding: 'ieee-p1363' } as const;
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  }

  #dropOldest(): void {
    if (this.#signed.size <= MOST) return;
    for (const name of this.#signed.keys()) {
      this.#signed.delete(name);
      return;
    }
  }
}

function nameOf({ publicKey, subject }: WebPushSettings, origin: string): string {
  return `${publicKey} ${subject} ${origin}`;
}

function part(claims: object): string {
  return Buffer.from(JSON.stringify(claims)).toString('base64url');
}
