import { createPrivateKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../../../platform/clock.ts';
import { newId } from '../../../../platform/ids.ts';
import type { VonageSettings } from './vonage-account.ts';

const LIFE_S = 900;
/** A token is used for so long: a request on its way still has the rest. */
const USED_MS = 600_000;

/** The tokens that open Vonage's API for one application: JSON Web Tokens signed with its private key. */
export class ApplicationTokens {
  readonly #clock: Clock;
  readonly #applicationId: string;
  readonly #key: KeyObject;
  #token = '';
  #until = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, { applicationId, privateKey }: VonageSettings) {
    this.#clock = clock;
    this.#applicationId = applicationId;
    this.#key = createPrivateKey(privateKey);
  }

  /** One that holds for another five minutes at least. */
  get(): string {
    const now = this.#clock.now();
    if (now < this.#until) return this.#token;
    const iat = Math.floor(now / 1_000);
    const claims = { application_id: this.#applicationId, iat, exp: iat + LIFE_S, jti: newId() };
    const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
    this.#token = `${signed}.${sign('sha256', Buffer.from(signed), this.#key).toString('base64url')}`;
    this.#until = now + USED_MS;
    return this.#token;
  }
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
