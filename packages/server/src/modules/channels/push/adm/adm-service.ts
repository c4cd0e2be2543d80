import type { Clock } from '../../../../platform/clock.ts';
import type { Outbound } from '../../../../platform/outbound/index.ts';
import type { Slots } from '../../../../platform/slots.ts';
import type { Outcome } from '../../channel.ts';
import { HttpsService } from '../https-service.ts';
import { ProvenAccount } from '../proven-account.ts';
import { isToken } from '../token-form.ts';
import type { AdmSettings } from './adm-account.ts';
import { readAdmAnswer } from './read-adm-answer.ts';

const ORIGIN = 'https://api.amazon.com';
const HEADERS = {
  'x-amzn-type-version': 'com.amazon.device.messaging.ADMMessage@1.0',
  'x-amzn-accept-type': 'com.amazon.device.messaging.ADMSendResult@1.0',
  accept: 'application/json',
};

/** Amazon Device Messaging as one account uses it. */
export class AdmService {
  readonly #service: HttpsService;
  readonly #proven = new ProvenAccount();
  readonly #origin: string;

  constructor(clock: Clock, outbound: Outbound, { address, clientId, clientSecret }: AdmSettings) {
    this.#origin = address.kind === 'provider' ? ORIGIN : address.origin;
    this.#service = new HttpsService(clock, outbound, {
      provider: 'Amazon',
      url: `${this.#origin}/auth/O2/token`,
      clientId,
      clientSecret,
      scope: 'messaging:push',
      hint: 'do client_id and client_secret belong together?',
    });
  }

  get isIdle(): boolean {
    return this.#service.isIdle;
  }

  get mostAtOnce(): number {
    return this.#service.mostAtOnce;
  }

  get turns(): Slots {
    return this.#service.turns;
  }

  /** Never rejects. Where Amazon answers with another registration id, that is the device's from now on. */
  async send(registrationId: string, body: string): Promise<Outcome> {
    const url = `${this.#origin}/messaging/registrations/${encodeURIComponent(registrationId)}/messages`;
    const verdict = await this.#service.post({ url, headers: HEADERS, body }, readAdmAnswer);
    switch (verdict.about) {
      case 'nothing': {
        this.#proven.prove();
        const { outcome, registrationId: token } = verdict;
        if (outcome.state !== 'sent' || token === registrationId || !isToken(token)) return outcome;
        return { ...outcome, newToken: token };
      }
      case 'unknown-token':
        return this.#proven.refusalOfToken(verdict.reason);
      case 'address':
      case 'message':
      case 'settings':
      case 'access':
      case 'later':
        return verdict.outcome;
    }
  }

  close(): Promise<void> {
    return this.#service.close();
  }
}
